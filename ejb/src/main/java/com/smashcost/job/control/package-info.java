/** The clock that windows, jobs, tokens and alerts read, and the jobs that one node at a time runs. */
@NullMarked
package com.smashcost.job.control;

import org.jspecify.annotations.NullMarked;
