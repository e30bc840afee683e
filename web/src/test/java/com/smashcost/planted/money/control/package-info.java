/** Planted faults that the architecture rules have to report. */
@NullMarked
package com.smashcost.planted.money.control;

import org.jspecify.annotations.NullMarked;
