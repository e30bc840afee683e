/** How much may be asked for in a time: rate limits and budgets. */
@NullMarked
package com.smashcost.admission.control;

import org.jspecify.annotations.NullMarked;
