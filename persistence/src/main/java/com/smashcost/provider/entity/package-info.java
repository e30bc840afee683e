/** The customers' own credentials for providers, encrypted, and the usage that providers report. */
@NullMarked
package com.smashcost.provider.entity;

import org.jspecify.annotations.NullMarked;
