package com.smashcost.installation;

/**
 * An organisation that a test made for itself.
 *
 * @param key its first gateway key
 */
public record Customer(long id, String slug, Key key, String openaiCredential, String groqCredential) {

    /**
     * A gateway key.
     *
     * @param id the part that may be shown
     * @param text the whole
     */
    public record Key(String id, String text) {}
}
