/** The operator's API from outside. */
@NullMarked
package com.smashcost.admin;

import org.jspecify.annotations.NullMarked;
