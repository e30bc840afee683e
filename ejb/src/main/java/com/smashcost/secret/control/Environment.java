package com.smashcost.secret.control;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The settings that the process was started with: environment variables, or files named by their {@code _FILE} variants.
 * What is blank counts as unset.
 */
public final class Environment {

    private final Map<String, String> variables;

    private Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** The environment of this process. */
    public static Environment ofProcess() {
        return new Environment(System.getenv());
    }

    /** An environment of these variables. */
    public static Environment of(Map<String, String> variables) {
        return new Environment(variables);
    }

    /**
     * The setting, trimmed.
     *
     * @throws SettingRefused if it names a file that cannot be read
     */
    public Optional<String> find(String name) {
        String file = variables.get(name + "_FILE");
        if (file != null && !file.isBlank()) {
            try {
                return Optional.of(Files.readString(Path.of(file.strip())).strip())
                        .filter(text -> !text.isEmpty());
            } catch (IOException e) {
                throw new SettingRefused(name + "_FILE", "names a file that cannot be read");
            }
        }
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /**
     * The setting, which must be there.
     *
     * @throws SettingRefused if it is missing or blank
     */
    public String require(String name) {
        return find(name).orElseThrow(() -> new SettingRefused(name, "is missing"));
    }

    /**
     * The setting as an absolute http or https URL; plain http is for development only.
     *
     * @throws SettingRefused if it is anything else
     */
    public URI url(String name, URI otherwise) {
        String text = find(name).orElse(null);
        if (text == null) {
            return otherwise;
        }
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new SettingRefused(name, "is not a URL");
        }
        boolean secure = "https".equals(url.getScheme());
        if (url.getHost() == null || !(secure || "http".equals(url.getScheme()))) {
            throw new SettingRefused(name, "must be an absolute http or https URL");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new SettingRefused(name, "must be a URL without user, query and fragment");
        }
        if (!secure && isProduction()) {
            throw new SettingRefused(name, "must begin with https:// in production");
        }
        return url;
    }

    /**
     * Whether this is a production installation, which is what an installation is unless it says otherwise.
     *
     * @throws SettingRefused if {@code SMASHCOST_PROFILE} is neither {@code production} nor {@code development}
     */
    public boolean isProduction() {
        return switch (find("SMASHCOST_PROFILE").orElse("production")) {
            case "production" -> true;
            case "development" -> false;
            default -> throw new SettingRefused("SMASHCOST_PROFILE", "must be production or development");
        };
    }

    /**
     * The folder for what this node keeps on its own disk.
     *
     * @throws SettingRefused if {@code SMASHCOST_HOME} is missing
     */
    public Path home() {
        return Path.of(require("SMASHCOST_HOME"));
    }
}
