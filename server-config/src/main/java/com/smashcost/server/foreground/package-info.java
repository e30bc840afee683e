/** The bridge from the build to the launcher: it lives in Maven's own JVM and is compiled for that. */
@NullMarked
package com.smashcost.server.foreground;

import org.jspecify.annotations.NullMarked;
