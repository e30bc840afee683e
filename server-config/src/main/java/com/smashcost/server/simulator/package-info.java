/** The provider simulator: answers like the real providers, from this machine, the same for the same question. */
@NullMarked
package com.smashcost.server.simulator;

import org.jspecify.annotations.NullMarked;
