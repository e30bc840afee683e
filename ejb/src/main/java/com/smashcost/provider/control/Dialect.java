package com.smashcost.provider.control;

/** A wire format that providers speak. */
public enum Dialect {
    OPENAI_CHAT,
    ANTHROPIC_MESSAGES,
    GEMINI
}
