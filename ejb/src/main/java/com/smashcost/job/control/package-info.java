/** The clock that windows, jobs, tokens and alerts read. */
@NullMarked
package com.smashcost.job.control;

import org.jspecify.annotations.NullMarked;
