package com.smashcost.provider.control.conversation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One contribution to a conversation. */
public sealed interface Turn {

    /** What was contributed, in its order. */
    List<Part> parts();

    /**
     * Instructions of the application, at the place where it put them.
     *
     * @param developer whether they were given as a developer's and not as the system's; providers that know one kind take both
     */
    record Instruction(List<Part> parts, boolean developer) implements Turn {
        public Instruction {
            parts = List.copyOf(parts);
        }

        @Override
        public String toString() {
            return "Instruction[" + parts.size() + " parts]";
        }
    }

    /** What the user said, and what the tools answered: results of tools come before all other parts. */
    record User(List<Part> parts, @Nullable String name) implements Turn {
        public User {
            parts = List.copyOf(parts);
        }

        @Override
        public String toString() {
            return "User[" + parts.size() + " parts]";
        }
    }

    /** What the model said, thought and asked tools for. */
    record Assistant(List<Part> parts, @Nullable String name) implements Turn {
        public Assistant {
            parts = List.copyOf(parts);
        }

        @Override
        public String toString() {
            return "Assistant[" + parts.size() + " parts]";
        }
    }
}
