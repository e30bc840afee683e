/** Expected refusals as one sealed family, told apart by what the caller does next. */
@NullMarked
package com.smashcost.refusal.control;

import org.jspecify.annotations.NullMarked;
