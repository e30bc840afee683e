/** The pages in a real browser. */
@NullMarked
package com.smashcost.portal;

import org.jspecify.annotations.NullMarked;
