/** Models, what they can do, and their versioned prices. */
@NullMarked
package com.smashcost.catalog.entity;

import org.jspecify.annotations.NullMarked;
