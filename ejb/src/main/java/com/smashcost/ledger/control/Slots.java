package com.smashcost.ledger.control;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Into which pieces of time the requests of an organisation are rolled up, so that its days and hours are sums of them. */
final class Slots {

    /** Older and later offsets of a zone are of no concern to a ledger of these years. */
    private static final Instant SINCE = Instant.parse("2020-01-01T00:00:00Z");

    private static final Instant UNTIL = Instant.parse("2040-01-01T00:00:00Z");

    private static final ConcurrentMap<String, Duration> LENGTHS = new ConcurrentHashMap<>();

    private Slots() {}

    /** An hour, or less where the zone is or will be off UTC by a part of one. */
    static Duration length(@Nullable String zone) {
        return zone == null ? Duration.ofHours(1) : LENGTHS.computeIfAbsent(zone, Slots::lengthOf);
    }

    private static Duration lengthOf(String name) {
        ZoneId zone;
        try {
            zone = ZoneId.of(name);
        } catch (DateTimeException e) {
            return Duration.ofHours(1); // a zone that this JDK does not know is read as UTC
        }
        ZoneRules rules = zone.getRules();
        List<ZoneOffset> offsets = new ArrayList<>(List.of(rules.getOffset(SINCE)));
        ZoneOffsetTransition transition = rules.nextTransition(SINCE);
        while (transition != null && transition.getInstant().isBefore(UNTIL)) {
            offsets.add(transition.getOffsetAfter());
            transition = rules.nextTransition(transition.getInstant());
        }
        for (int minutes : new int[] {60, 30, 15}) {
            if (offsets.stream().allMatch(offset -> offset.getTotalSeconds() % (minutes * 60) == 0)) {
                return Duration.ofMinutes(minutes);
            }
        }
        return Duration.ofMinutes(15);
    }

    /** The start of the slot of this length in which the instant lies. */
    static Instant of(Instant instant, Duration length) {
        long seconds = instant.getEpochSecond();
        return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, length.toSeconds()));
    }
}
