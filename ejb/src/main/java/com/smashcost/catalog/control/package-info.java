/** What models there are and what they cost at an instant. */
@NullMarked
package com.smashcost.catalog.control;

import org.jspecify.annotations.NullMarked;
