/** Planted faults that the architecture rules have to report. */
@NullMarked
package com.smashcost.planted.admission.control;

import org.jspecify.annotations.NullMarked;
