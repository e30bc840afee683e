package com.smashcost.audit.entity;

/** Kinds of those who act on an organisation. */
public enum ActorType {
    /** A person of the operator, signed in with secret and one-time code. */
    OPERATOR,
    /** The billing provider's verified events. */
    BILLING,
    /** A timer of the observation funnel. */
    FUNNEL,
    /** A member of the organisation. */
    MEMBER,
    /** The product itself, for instance at its first start. */
    SYSTEM
}
