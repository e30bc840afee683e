/** What a request used and what that costs. */
@NullMarked
package com.smashcost.metering.control;

import org.jspecify.annotations.NullMarked;
