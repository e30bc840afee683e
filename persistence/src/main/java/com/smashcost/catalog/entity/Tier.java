package com.smashcost.catalog.entity;

/**
 * How much a model can do, in the coarse classes that the router's quality estimates are made for; ascending. Models of one tier
 * are taken to be equally good, whatever they cost.
 */
@SuppressWarnings("MemberName")
public enum Tier {
    /** About 8 billion parameters, and what is as good: Llama 3.1 8B, Claude 3 Haiku, GPT-3.5, Mixtral. */
    small,
    /** Today's economical models: GPT-4o mini, Gemini Flash, Llama 70B. */
    medium,
    /** The work horses: GPT-4o, Claude Sonnet, Gemini Pro. */
    large,
    /** What thinks before it answers, and the flagships. */
    frontier
}
