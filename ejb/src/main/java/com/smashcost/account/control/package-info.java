/** Organisations as they are founded, changed, moved from status to status, and deleted. */
@NullMarked
package com.smashcost.account.control;

import org.jspecify.annotations.NullMarked;
