/** The deployed jobs, seen from outside. */
@NullMarked
package com.smashcost.job;

import org.jspecify.annotations.NullMarked;
