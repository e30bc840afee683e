/** The customers' own credentials for providers, encrypted. */
@NullMarked
package com.smashcost.provider.entity;

import org.jspecify.annotations.NullMarked;
