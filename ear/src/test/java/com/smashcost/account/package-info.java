/** The organisation's status, inside the container. */
@NullMarked
package com.smashcost.account;

import org.jspecify.annotations.NullMarked;
