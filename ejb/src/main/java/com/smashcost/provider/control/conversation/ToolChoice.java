package com.smashcost.provider.control.conversation;

import java.util.List;

/** Whether and which tools the model has to use. */
public sealed interface ToolChoice {

    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** It uses none. */
    record None() implements ToolChoice {}

    /** It uses at least one. */
    record Required() implements ToolChoice {}

    /** It uses this one. */
    record Named(String name) implements ToolChoice {}

    /** It uses none but these, and at least one of them if {@code required}. */
    record Allowed(List<String> names, boolean required) implements ToolChoice {
        public Allowed {
            names = List.copyOf(names);
        }
    }
}
