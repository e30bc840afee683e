/** Planted faults that the architecture rules have to report. */
@NullMarked
package com.smashcost.planted.gateway.entity;

import org.jspecify.annotations.NullMarked;
