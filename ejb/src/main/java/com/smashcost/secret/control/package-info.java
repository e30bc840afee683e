/** The settings of the process, its master keys, and the vault that encrypts with them. */
@NullMarked
package com.smashcost.secret.control;

import org.jspecify.annotations.NullMarked;
