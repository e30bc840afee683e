package com.smashcost.routing.entity;

/** How a request's model was chosen, named as stored and as said in {@code X-SmashCost-Routing}. */
@SuppressWarnings("MemberName")
public enum Routing {
    classifier,
    session_cache,
    override,
    passthrough
}
