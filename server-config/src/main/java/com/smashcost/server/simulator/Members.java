package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The names that an object of a request may have; anything else is refused, as the providers do. */
record Members(Set<String> known) {

    static Members of(String... known) {
        return new Members(Set.of(known));
    }

    Members and(String... more) {
        Set<String> all = new HashSet<>(known);
        all.addAll(List.of(more));
        return new Members(Set.copyOf(all));
    }

    Members without(String... fewer) {
        Set<String> rest = new HashSet<>(known);
        List.of(fewer).forEach(rest::remove);
        return new Members(Set.copyOf(rest));
    }

    /** The first name that is not known. */
    Optional<String> unknownIn(JsonNode object) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }
}
