/** The OpenAI chat dialect, spoken by OpenAI, Groq and all who copy them; pure functions without I/O. */
@NullMarked
package com.smashcost.provider.control.openai;

import org.jspecify.annotations.NullMarked;
