/** One row for each accepted request, never changed. */
@NullMarked
package com.smashcost.ledger.entity;

import org.jspecify.annotations.NullMarked;
