/** Google's Gemini dialect, generateContent and embeddings, spoken to providers only; pure functions without I/O. */
@NullMarked
package com.smashcost.provider.control.gemini;

import org.jspecify.annotations.NullMarked;
