/** The gateway as its clients see it. */
@NullMarked
package com.smashcost.gateway;

import org.jspecify.annotations.NullMarked;
