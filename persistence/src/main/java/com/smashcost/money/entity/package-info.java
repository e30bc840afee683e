/** Exact amounts and unit prices in US dollars. */
@NullMarked
package com.smashcost.money.entity;

import org.jspecify.annotations.NullMarked;
