package com.smashcost.server.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The {@code SMASHCOST_*} settings of one start: the environment, with every {@code *_FILE} variant replaced by the
 * file's text. An optional setting that is blank counts as absent. Never prints a value: some are secrets.
 */
record Settings(Map<String, String> values) {

    static final String PROFILE = "SMASHCOST_PROFILE";
    static final String HTTP_PORT = "SMASHCOST_HTTP_PORT";
    static final String HTTPS_PORT = "SMASHCOST_HTTPS_PORT";
    static final String ADMIN_PORT = "SMASHCOST_ADMIN_PORT";
    static final String TLS_CERT = "SMASHCOST_TLS_CERT";
    static final String TLS_KEY = "SMASHCOST_TLS_KEY";
    static final String TRUSTED_PROXIES = "SMASHCOST_TRUSTED_PROXIES";
    static final String DB_URL = "SMASHCOST_DB_URL";
    static final String DB_USER = "SMASHCOST_DB_USER";
    static final String DB_PASSWORD = "SMASHCOST_DB_PASSWORD";
    static final String DB_MIGRATE_USER = "SMASHCOST_DB_MIGRATE_USER";
    static final String DB_MIGRATE_PASSWORD = "SMASHCOST_DB_MIGRATE_PASSWORD";
    static final String DB_REPORT_USER = "SMASHCOST_DB_REPORT_USER";
    static final String DB_REPORT_PASSWORD = "SMASHCOST_DB_REPORT_PASSWORD";
    static final String LEDGER_DURABILITY = "SMASHCOST_LEDGER_DURABILITY";
    static final String PUBLIC_URL = "SMASHCOST_PUBLIC_URL";
    static final String MASTER_KEYS = "SMASHCOST_MASTER_KEYS";
    static final String SESSION_SECRET = "SMASHCOST_SESSION_SECRET";
    static final String ADMIN_SECRET = "SMASHCOST_ADMIN_SECRET";
    static final String ADMIN_TOTP = "SMASHCOST_ADMIN_TOTP";
    static final String OPENAI_BASE_URL = "SMASHCOST_OPENAI_BASE_URL";
    static final String ANTHROPIC_BASE_URL = "SMASHCOST_ANTHROPIC_BASE_URL";
    static final String GROQ_BASE_URL = "SMASHCOST_GROQ_BASE_URL";
    static final String GOOGLE_BASE_URL = "SMASHCOST_GOOGLE_BASE_URL";
    static final String PADDLE_BASE_URL = "SMASHCOST_PADDLE_BASE_URL";
    static final String SMTP_URL = "SMASHCOST_SMTP_URL";
    static final String MAIL_FROM = "SMASHCOST_MAIL_FROM";
    static final String CORS_ORIGINS = "SMASHCOST_CORS_ORIGINS";
    static final String HOME = "SMASHCOST_HOME";

    /** By provider: the setting that says where it is. */
    static final Map<String, String> BASE_URLS = Map.of(
            "openai", OPENAI_BASE_URL,
            "anthropic", ANTHROPIC_BASE_URL,
            "groq", GROQ_BASE_URL,
            "google", GOOGLE_BASE_URL);

    static final int DEFAULT_HTTP_PORT = 8080;
    static final int DEFAULT_HTTPS_PORT = 8443;

    private static final String PREFIX = "SMASHCOST_";
    private static final String FILE_SUFFIX = "_FILE";
    private static final int KEY_BYTES = 32;
    private static final Pattern BASE32 = Pattern.compile("[A-Z2-7]{16,}=*");
    private static final Pattern KEY_ID = Pattern.compile("[a-z0-9]{1,4}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /** Where the instance runs: a development instance is reachable from this machine alone. */
    enum Profile {
        PRODUCTION,
        DEVELOPMENT;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Settings {
        values = Map.copyOf(values);
    }

    static Settings read(Map<String, String> environment) {
        Map<String, String> values = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !name.endsWith(FILE_SUFFIX)) {
                values.put(name, value);
            }
        });
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && name.endsWith(FILE_SUFFIX) && !value.isBlank()) {
                String target = name.substring(0, name.length() - FILE_SUFFIX.length());
                if (!values.getOrDefault(target, "").isBlank()) {
                    throw new StartFailure(target + " and " + name + " are both set; keep one");
                }
                values.put(target, textOf(name, Path.of(value)));
            }
        });
        return new Settings(values);
    }

    private static String textOf(String name, Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StartFailure(name + " names " + file + ", which cannot be read", e);
        }
    }

    /** Present, even if blank. */
    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    Settings with(String name, String value) {
        Map<String, String> more = new TreeMap<>(values);
        more.put(name, value);
        return new Settings(more);
    }

    Settings orElse(String name, String value) {
        return text(name).isPresent() ? this : with(name, value);
    }

    Profile profile() {
        return switch (text(PROFILE).orElse(Profile.DEVELOPMENT.text())) {
            case "production" -> Profile.PRODUCTION;
            case "development" -> Profile.DEVELOPMENT;
            default -> throw new StartFailure(PROFILE + " must be production or development");
        };
    }

    boolean development() {
        return profile() == Profile.DEVELOPMENT;
    }

    boolean tls() {
        return text(TLS_CERT).isPresent();
    }

    /** Plain HTTP on the main listener: in development, or behind a proxy that terminates TLS. */
    boolean plainHttp() {
        return development() || text(TRUSTED_PROXIES).isPresent();
    }

    int httpPort() {
        return text(HTTP_PORT).map(text -> port(HTTP_PORT, text)).orElse(DEFAULT_HTTP_PORT);
    }

    int httpsPort() {
        return text(HTTPS_PORT).map(text -> port(HTTPS_PORT, text)).orElse(DEFAULT_HTTPS_PORT);
    }

    Optional<Integer> adminPort() {
        return text(ADMIN_PORT).map(text -> port(ADMIN_PORT, text));
    }

    static int port(String name, String text) {
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw new StartFailure(name + " must be a port from 1 to 65535");
    }

    /** Stops the start with one line for each setting that is missing, blank or malformed. */
    void check() {
        List<String> problems = new ArrayList<>();
        boolean production = profile() == Profile.PRODUCTION;

        required(MASTER_KEYS).or(this::masterKeysProblem).ifPresent(problems::add);
        required(SESSION_SECRET).or(this::sessionSecretProblem).ifPresent(problems::add);
        together(ADMIN_SECRET, ADMIN_TOTP).or(this::totpProblem).ifPresent(problems::add);
        together(TLS_CERT, TLS_KEY).ifPresent(problems::add);
        readable(TLS_CERT).ifPresent(problems::add);
        readable(TLS_KEY).ifPresent(problems::add);
        trustedProxiesProblem().ifPresent(problems::add);
        if (production && !tls() && text(TRUSTED_PROXIES).isEmpty()) {
            problems.add("production needs " + TLS_CERT + " and " + TLS_KEY + ", or " + TRUSTED_PROXIES
                    + " with the addresses of the proxies that terminate TLS");
        }
        if (text(DB_URL).isPresent()) {
            if (!text(DB_URL).orElseThrow().startsWith("jdbc:mariadb://")) {
                problems.add(DB_URL + " must start with jdbc:mariadb://");
            }
            for (String name : List.of(
                    DB_USER, DB_PASSWORD, DB_MIGRATE_USER, DB_MIGRATE_PASSWORD, DB_REPORT_USER, DB_REPORT_PASSWORD)) {
                required(name).ifPresent(problem -> problems.add(problem + " (" + DB_URL + " is set)"));
            }
        }
        for (String name :
                List.of(OPENAI_BASE_URL, ANTHROPIC_BASE_URL, GROQ_BASE_URL, GOOGLE_BASE_URL, PADDLE_BASE_URL)) {
            urlProblem(name, production).ifPresent(problems::add);
        }
        urlProblem(PUBLIC_URL, production).or(this::originProblem).ifPresent(problems::add);
        corsProblem().ifPresent(problems::add);
        text(LEDGER_DURABILITY)
                .filter(value -> !Set.of("process", "strict").contains(value))
                .ifPresent(value -> problems.add(LEDGER_DURABILITY + " must be process or strict"));
        text(SMTP_URL)
                .filter(value -> !value.matches("smtps?://.+"))
                .ifPresent(value -> problems.add(SMTP_URL + " must start with smtp:// or smtps://"));
        if (text(SMTP_URL).isPresent()) {
            required(MAIL_FROM).ifPresent(problem -> problems.add(problem + " (" + SMTP_URL + " is set)"));
        }
        for (String name : List.of(HTTP_PORT, HTTPS_PORT, ADMIN_PORT)) {
            try {
                text(name).ifPresent(value -> port(name, value));
            } catch (StartFailure e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new StartFailure(String.join(System.lineSeparator(), problems));
        }
    }

    private Optional<String> required(String name) {
        if (!has(name)) {
            return Optional.of(name + " is missing");
        }
        return text(name).isPresent() ? Optional.empty() : Optional.of(name + " is blank");
    }

    private Optional<String> together(String one, String other) {
        if (text(one).isPresent() == text(other).isPresent()) {
            return Optional.empty();
        }
        return text(one).isPresent()
                ? Optional.of(other + " is missing (" + one + " is set)")
                : Optional.of(one + " is missing (" + other + " is set)");
    }

    private Optional<String> readable(String name) {
        return text(name)
                .filter(file -> !Files.isReadable(Path.of(file)))
                .map(file -> name + " names " + file + ", which cannot be read");
    }

    private Optional<String> masterKeysProblem() {
        Set<String> ids = new HashSet<>();
        for (String entry : text(MASTER_KEYS).orElse("").split(",", -1)) {
            int colon = entry.indexOf(':');
            if (colon < 0
                    || !KEY_ID.matcher(entry.substring(0, colon).strip()).matches()
                    || !ids.add(entry.substring(0, colon).strip())
                    || decodedLength(entry.substring(colon + 1).strip()) != KEY_BYTES) {
                return Optional.of(MASTER_KEYS + " must be id:key[,id:key…], each key " + KEY_BYTES
                        + " bytes in base64, each id once");
            }
        }
        return Optional.empty();
    }

    private Optional<String> sessionSecretProblem() {
        return text(SESSION_SECRET).orElse("").getBytes(StandardCharsets.UTF_8).length < KEY_BYTES
                ? Optional.of(SESSION_SECRET + " must have at least " + KEY_BYTES + " bytes")
                : Optional.empty();
    }

    private Optional<String> totpProblem() {
        return text(ADMIN_TOTP)
                .filter(value -> !BASE32.matcher(value).matches())
                .map(value -> ADMIN_TOTP + " must be base32 (A-Z, 2-7) of at least 16 characters");
    }

    private Optional<String> trustedProxiesProblem() {
        for (String address :
                text(TRUSTED_PROXIES).map(value -> value.split(",", -1)).orElse(new String[0])) {
            if (!isAddress(address.strip())) {
                return Optional.of(TRUSTED_PROXIES + " must be exact addresses, separated by commas");
            }
        }
        return Optional.empty();
    }

    private static boolean isAddress(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            return false;
        }
        try {
            // a literal of this shape is parsed, never looked up
            return InetAddress.getByName(text) != null && (text.contains(":") || text.split("\\.", -1).length == 4);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private Optional<String> urlProblem(String name, boolean production) {
        return text(name).flatMap(value -> {
            URI url = uri(value);
            String scheme = url.getScheme();
            if (url.getHost() == null
                    || scheme == null
                    || !Set.of("http", "https").contains(scheme)) {
                return Optional.of(name + " must be an absolute http(s) URL");
            }
            return production && scheme.equals("http")
                    ? Optional.of(name + " must be https in production")
                    : Optional.empty();
        });
    }

    private Optional<String> originProblem() {
        return text(PUBLIC_URL)
                .filter(value -> !isOrigin(value))
                .map(value -> PUBLIC_URL + " must be an origin: scheme, host and port, no path");
    }

    private Optional<String> corsProblem() {
        for (String origin :
                text(CORS_ORIGINS).map(value -> value.split(",", -1)).orElse(new String[0])) {
            if (!isOrigin(origin.strip())) {
                return Optional.of(CORS_ORIGINS + " must be exact origins, separated by commas");
            }
        }
        return Optional.empty();
    }

    private static boolean isOrigin(String text) {
        URI uri = uri(text);
        return uri.getHost() != null
                && (uri.getPath().isEmpty() || uri.getPath().equals("/"))
                && uri.getQuery() == null
                && uri.getFragment() == null
                && uri.getUserInfo() == null;
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return URI.create("");
        }
    }

    private static int decodedLength(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    @Override
    public String toString() {
        return "Settings" + values.keySet();
    }
}
