/** Writes the trail and reads it back. */
@NullMarked
package com.smashcost.audit.control;

import org.jspecify.annotations.NullMarked;
