package com.smashcost.provider.control;

/** A call that brought no usable answer; its class is what the ledger keeps of it. */
public final class UpstreamFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** What went wrong, as a word for the ledger. */
    public enum Kind {
        /** No connection, or none that could be trusted. */
        upstream_unreachable,
        /** No answer in time, or a pause that was too long. */
        upstream_timeout,
        /** The connection broke before the answer was complete. */
        upstream_closed_early,
        /** An answer that is not of the provider's dialect. */
        upstream_invalid_response,
        /** Nobody waited for the answer any more. */
        client_closed
    }

    private final Kind kind;

    public UpstreamFailure(Kind kind) {
        super(kind.name(), null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
