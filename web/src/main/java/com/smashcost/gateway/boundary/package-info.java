/** The gateway's HTTP surface under {@code /v1}. */
@NullMarked
package com.smashcost.gateway.boundary;

import org.jspecify.annotations.NullMarked;
