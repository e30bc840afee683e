/** Token usage in disjoint buckets. */
@NullMarked
package com.smashcost.metering.entity;

import org.jspecify.annotations.NullMarked;
