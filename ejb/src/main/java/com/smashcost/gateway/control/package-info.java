/** The straight line of one request, from key to ledger. */
@NullMarked
package com.smashcost.gateway.control;

import org.jspecify.annotations.NullMarked;
