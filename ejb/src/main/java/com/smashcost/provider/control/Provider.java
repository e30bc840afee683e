package com.smashcost.provider.control;

import java.net.URI;

/**
 * A provider as this installation calls it.
 *
 * @param id its name in settings, tables and headers
 * @param baseUrl as the provider's official SDK means it
 */
public record Provider(String id, URI baseUrl, Dialect dialect) {

    public Provider {
        String text = baseUrl.toString();
        baseUrl = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : baseUrl;
    }

    /** Scheme, host and port: the place to which its credentials are bound. */
    public String origin() {
        return baseUrl.getScheme() + "://" + baseUrl.getRawAuthority();
    }

    /** The URL of a path below the base, which begins with a slash. */
    public URI at(String path) {
        return URI.create(baseUrl + path);
    }
}
