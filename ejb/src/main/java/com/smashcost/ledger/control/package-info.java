/** Ledger records on their way: spooled on local disk before the call, drained into the database after it. */
@NullMarked
package com.smashcost.ledger.control;

import org.jspecify.annotations.NullMarked;
