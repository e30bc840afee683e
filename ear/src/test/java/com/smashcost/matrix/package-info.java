/** Every client over every provider: what real SDKs understand of what providers really answered. */
@NullMarked
package com.smashcost.matrix;

import org.jspecify.annotations.NullMarked;
