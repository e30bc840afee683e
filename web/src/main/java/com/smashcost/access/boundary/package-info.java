/** How requests prove who sends them, by path. */
@NullMarked
package com.smashcost.access.boundary;

import org.jspecify.annotations.NullMarked;
