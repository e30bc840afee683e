package com.smashcost.provider.control.conversation;

/** Why a model ended its answer. */
public enum Stop {
    /** It was done. */
    END,
    /** It met one of the client's stop sequences. */
    STOP_SEQUENCE,
    /** It reached the most tokens that it may write. */
    LENGTH,
    /** Prompt and answer filled its context window. */
    CONTEXT_WINDOW,
    /** It asks for tools. */
    TOOL_CALLS,
    /** It, or the provider for it, refuses to answer. */
    REFUSAL,
    /** The provider withheld the answer, or the rest of it. */
    CONTENT_FILTER,
    /** A tool of the provider's takes long; the client is to send the conversation again to go on. */
    PAUSE;

    /** The reason to report when the answer holds tool calls: that, unless the answer may be cut. */
    public Stop withToolCalls() {
        return this == END || this == STOP_SEQUENCE || this == PAUSE ? TOOL_CALLS : this;
    }
}
