/** The launcher: everything between an empty directory and a SmashCost that answers, and back again. */
@NullMarked
package com.smashcost.server.launcher;

import org.jspecify.annotations.NullMarked;
