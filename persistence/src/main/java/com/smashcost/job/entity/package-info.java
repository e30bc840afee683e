/** Leases that let one node at a time run a job. */
@NullMarked
package com.smashcost.job.entity;

import org.jspecify.annotations.NullMarked;
