/** Which model serves a request, and how that was chosen. */
@NullMarked
package com.smashcost.routing.control;

import org.jspecify.annotations.NullMarked;
