package com.smashcost.access.control;

import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.SettingRefused;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Where the installation is reached from outside, {@code SMASHCOST_PUBLIC_URL}. Links, same-origin checks and cookies go by it,
 * never by the Host header.
 *
 * @param origin scheme, host and port as a browser writes them
 * @param origins the origins that pages of this installation may have; in development on this machine both names of it
 */
public record PublicUrl(String origin, Set<String> origins) {

    private static final String SETTING = "SMASHCOST_PUBLIC_URL";

    public PublicUrl {
        origins = Set.copyOf(origins);
    }

    /**
     * The configured address; in development without one, this machine's.
     *
     * @throws SettingRefused if it is missing in production, or is more than scheme, host and port
     */
    public static PublicUrl from(Environment environment) {
        if (environment.isProduction()) {
            environment.require(SETTING);
        }
        String port = environment.find("SMASHCOST_HTTP_PORT").orElse("8080");
        URI url = environment.url(SETTING, URI.create("http://127.0.0.1:" + port));
        String path = url.getRawPath();
        if (url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || !(path.isEmpty() || path.equals("/"))) {
            throw new SettingRefused(SETTING, "must be scheme, host and port alone");
        }
        String host = url.getHost().toLowerCase(Locale.ROOT);
        String origin = origin(url, host);
        boolean here = host.equals("127.0.0.1") || host.equals("localhost");
        return new PublicUrl(
                origin,
                here && !environment.isProduction()
                        ? Set.of(origin(url, "127.0.0.1"), origin(url, "localhost"))
                        : Set.of(origin));
    }

    private static String origin(URI url, String host) {
        int standard = url.getScheme().equals("https") ? 443 : 80;
        boolean bare = url.getPort() < 0 || url.getPort() == standard;
        return url.getScheme() + "://" + host + (bare ? "" : ":" + url.getPort());
    }
}
