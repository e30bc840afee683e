/** Who may come in: gateway keys, passwords and sessions. */
@NullMarked
package com.smashcost.access.control;

import org.jspecify.annotations.NullMarked;
