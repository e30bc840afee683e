/** The Anthropic messages dialect, as clients and as the provider speak it; pure functions without I/O. */
@NullMarked
package com.smashcost.provider.control.anthropic;

import org.jspecify.annotations.NullMarked;
