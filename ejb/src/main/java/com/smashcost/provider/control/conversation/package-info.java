/** A conversation with a model in no provider's words: what dialects are translated from and to. */
@NullMarked
package com.smashcost.provider.control.conversation;

import org.jspecify.annotations.NullMarked;
