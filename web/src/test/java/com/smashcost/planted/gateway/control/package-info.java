/** Planted faults that the architecture rules have to report. */
@NullMarked
package com.smashcost.planted.gateway.control;

import org.jspecify.annotations.NullMarked;
