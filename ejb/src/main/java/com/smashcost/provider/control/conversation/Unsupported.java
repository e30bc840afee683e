package com.smashcost.provider.control.conversation;

import com.smashcost.refusal.control.Refusal;

/** Refuses what a model cannot do and without which the answer would be wrong. */
public final class Unsupported {

    private Unsupported() {}

    /**
     * A refusal to throw.
     *
     * @param field the member of the client's body, in its dialect's words
     * @param model the model that cannot
     * @param instead what to do instead: a full sentence
     */
    public static Refusal.BadRequest refuse(String field, String model, String instead) {
        return new Refusal.BadRequest(
                "unsupported_parameter",
                "'" + field + "' cannot be used with the model " + model + ". " + instead,
                field);
    }

    /** The body is not what its dialect says it should be. */
    public static Refusal.BadRequest malformed(String field, String expected) {
        return new Refusal.BadRequest("invalid_request", "'" + field + "' " + expected + ".", field);
    }
}
