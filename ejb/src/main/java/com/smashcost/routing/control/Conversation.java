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
     * The same of a client whose dialect every other provider gets in translation, which leaves out or renames what a model refuses.
     */
    public Conversation translated() {
        return new Conversation(asked.withoutSampling(), opening);
    }

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
