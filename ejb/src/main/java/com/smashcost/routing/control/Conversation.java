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

    /** A hash of what this turn says, to tell whether it is said again; it is never stored. */
    long said() {
        long said = asked.instruction().hashCode();
        said = 31 * said + asked.characters();
        said = 31 * said + asked.turns();
        return 31 * said + opening.hashCode();
    }

    /**
     * Reads a client's body, of whatever dialect.
     *
     * @throws IllegalArgumentException if it is no JSON object; whoever calls has read it before
     */
    public static Conversation read(byte[] body) {
        return AskedReader.read(body);
    }
}
