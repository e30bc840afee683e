package com.smashcost.ledger.entity;

/** By what the ledger is rolled up. */
public enum Dimension {
    /** By the first digit of the status that the client got. */
    status,
    /** By the customer that requests are attributed to. */
    customer,
    /** By the feature that requests are attributed to. */
    feature,
    /** By gateway key. */
    key,
    /** By the model that was requested and the one that was used. */
    model,
    /** By provider. */
    provider,
    /** By the kind of task. */
    task
}
