/** How the operator signs in, and how what the operator does is recorded and takes effect. */
@NullMarked
package com.smashcost.admin.control;

import org.jspecify.annotations.NullMarked;
