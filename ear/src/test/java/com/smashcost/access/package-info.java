/** Who is let in. */
@NullMarked
package com.smashcost.access;

import org.jspecify.annotations.NullMarked;
