package com.smashcost.account.entity;

/** Where an organisation stands; traffic flows in every status but {@link #BLOCKED} and {@link #DELETED}. */
public enum SubscriptionStatus {
    OBSERVING,
    AWAITING_DECISION,
    ACTIVE,
    PAST_DUE,
    CANCELED,
    BLOCKED,
    DELETED;

    /** Whether an otherwise valid request is forwarded. */
    public boolean letsTrafficFlow() {
        return this != BLOCKED && this != DELETED;
    }

    /** Whether the router may choose another model than the client asked for. */
    public boolean routes() {
        return this == ACTIVE;
    }
}
