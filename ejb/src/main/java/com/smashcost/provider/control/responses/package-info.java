/** The OpenAI Responses dialect, for clients and providers; pure functions without I/O. */
@NullMarked
package com.smashcost.provider.control.responses;

import org.jspecify.annotations.NullMarked;
