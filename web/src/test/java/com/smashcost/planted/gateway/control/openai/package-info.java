/** Planted faults that the architecture rules have to report. */
@NullMarked
package com.smashcost.planted.gateway.control.openai;

import org.jspecify.annotations.NullMarked;
