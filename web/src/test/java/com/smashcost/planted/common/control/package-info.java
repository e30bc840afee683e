/** Planted faults that the architecture rules have to report. */
@NullMarked
package com.smashcost.planted.common.control;

import org.jspecify.annotations.NullMarked;
