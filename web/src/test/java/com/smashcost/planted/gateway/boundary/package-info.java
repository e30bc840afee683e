/** Planted faults that the architecture rules have to report. */
@NullMarked
package com.smashcost.planted.gateway.boundary;

import org.jspecify.annotations.NullMarked;
