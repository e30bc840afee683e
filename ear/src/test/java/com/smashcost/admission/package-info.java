/** How much is let in. */
@NullMarked
package com.smashcost.admission;

import org.jspecify.annotations.NullMarked;
