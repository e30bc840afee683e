/** Which model serves, seen from outside. */
@NullMarked
package com.smashcost.routing;

import org.jspecify.annotations.NullMarked;
