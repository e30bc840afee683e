/** How a model was chosen, in the words that are stored. */
@NullMarked
package com.smashcost.routing.entity;

import org.jspecify.annotations.NullMarked;
