/** What is left of every request. */
@NullMarked
package com.smashcost.ledger;

import org.jspecify.annotations.NullMarked;
