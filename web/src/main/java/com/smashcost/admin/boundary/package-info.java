/** The admin API: everything that an operator can do, for programs. */
@NullMarked
package com.smashcost.admin.boundary;

import org.jspecify.annotations.NullMarked;
