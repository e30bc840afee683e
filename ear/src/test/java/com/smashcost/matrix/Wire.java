package com.smashcost.matrix;

/** How somebody talks about a model's answer. */
enum Wire {
    CHAT,
    RESPONSES,
    MESSAGES,
    GEMINI
}
