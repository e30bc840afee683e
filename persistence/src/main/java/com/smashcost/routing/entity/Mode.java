package com.smashcost.routing.entity;

/** Whether routing may act, named as stored and as said in {@code X-SmashCost-Mode}. */
@SuppressWarnings("MemberName")
public enum Mode {
    observation,
    active
}
