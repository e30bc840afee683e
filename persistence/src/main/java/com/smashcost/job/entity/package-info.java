/** What is known of jobs, and what they found. */
@NullMarked
package com.smashcost.job.entity;

import org.jspecify.annotations.NullMarked;
