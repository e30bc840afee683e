package com.smashcost.provider.control;

import java.net.URI;
import java.util.List;

/**
 * A provider as this installation calls it.
 *
 * @param id its name in settings, tables and headers
 * @param baseUrl as the provider's official SDK means it
 * @param dialects what it speaks, the best known first
 */
public record Provider(String id, URI baseUrl, List<Dialect> dialects) {

    public Provider {
        dialects = List.copyOf(dialects);
        String text = baseUrl.toString();
        baseUrl = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : baseUrl;
    }

    /**
     * The dialect in which to speak to it for a client of this one: the same if it can, because then bytes pass unchanged.
     *
     * @param prefersResponses whether the Responses API serves better where there is one: because the model is served there alone,
     *     or because it thinks and its thoughts are to go on in the next turn
     */
    public Dialect dialectFor(Dialect client, boolean prefersResponses) {
        if (prefersResponses && dialects.contains(Dialect.OPENAI_RESPONSES)) {
            return Dialect.OPENAI_RESPONSES;
        }
        return dialects.contains(client) ? client : dialects.getFirst();
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
