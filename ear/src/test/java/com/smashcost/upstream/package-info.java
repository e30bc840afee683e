/** A provider that tests direct: it replays recorded traffic, misbehaves on demand and remembers what it was sent. */
@NullMarked
package com.smashcost.upstream;

import org.jspecify.annotations.NullMarked;
