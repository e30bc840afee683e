package com.smashcost.routing.control;

/**
 * A request as the router sees it.
 *
 * @param opening what tells this conversation from others of the organisation
 */
public record Conversation(Asked asked, Opening opening) {

    /**
     * How a conversation began: with these instructions and this first message. Only what is hashed under a secret of this
     * process may be kept of it.
     */
    public record Opening(long systemLength, long systemHash, long userLength, long userHash) {}

    /**
     * Reads a client's body, of whatever dialect.
     *
     * @throws IllegalArgumentException if it is no JSON object; whoever calls has read it before
     */
    public static Conversation read(byte[] body) {
        return AskedReader.read(body);
    }
}
