package com.smashcost.ledger.entity;

/** What is chained. */
public enum Trail {
    ledger,
    audit
}
