package com.smashcost.provider.control;

/** A wire format that clients or providers speak. */
public enum Dialect {
    OPENAI_CHAT,
    OPENAI_RESPONSES,
    ANTHROPIC_MESSAGES,
    GEMINI
}
