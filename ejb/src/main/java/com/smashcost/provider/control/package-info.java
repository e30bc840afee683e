/** The providers, what is kept to call them, and the only outbound calls there are. */
@NullMarked
package com.smashcost.provider.control;

import org.jspecify.annotations.NullMarked;
