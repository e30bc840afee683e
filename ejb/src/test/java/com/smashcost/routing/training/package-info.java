/** Trains the classifier from the development data, measures it, and answers for it in a report; never shipped. */
@NullMarked
package com.smashcost.routing.training;

import org.jspecify.annotations.NullMarked;
