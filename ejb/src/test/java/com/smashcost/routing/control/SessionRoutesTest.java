package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.routing.control.Conversation.Opening;
import com.smashcost.routing.control.SessionRoutes.Key;
import com.smashcost.routing.control.SessionRoutes.Route;
import com.smashcost.routing.control.SessionRoutes.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G20")
class SessionRoutesTest {

    private static final Opening OPENING = new Opening(1, 2, 3, 4);

    private final AtomicLong nanos = new AtomicLong();
    private final SessionRoutes sessions = new SessionRoutes(nanos::get);

    @Test
    void knows_what_it_was_told() {
        Key key = key(7, "s");
        assertThat(sessions.find(key)).isEmpty();
        sessions.put(key, route("one"));
        sessions.put(key, route("two"));
        assertThat(sessions.find(key(7, "s"))).contains(route("two"));
    }

    @Test
    void keeps_what_is_real_and_what_is_thought_of_apart() {
        Key real = key(7, "s");
        Key projected = sessions.key(World.PROJECTED, 7, "s", OPENING);
        assertThat(projected).isNotEqualTo(real);
        sessions.put(projected, route("one"));
        assertThat(sessions.find(real)).isEmpty();
    }

    @Test
    void knows_a_named_session_whatever_it_began_with_and_an_unnamed_one_by_that_alone() {
        assertThat(sessions.key(World.REAL, 7, "s", new Opening(9, 9, 9, 9))).isEqualTo(key(7, "s"));
        Key unnamed = sessions.key(World.REAL, 7, null, OPENING);
        assertThat(sessions.key(World.REAL, 7, null, new Opening(1, 2, 3, 4))).isEqualTo(unnamed);
        for (Opening other : List.of(
                new Opening(0, 2, 3, 4), new Opening(1, 0, 3, 4), new Opening(1, 2, 0, 4), new Opening(1, 2, 3, 0))) {
            assertThat(sessions.key(World.REAL, 7, null, other)).isNotEqualTo(unnamed);
        }
    }

    @Test
    void keeps_nothing_that_a_client_said() {
        Key key = key(7, "the-customer-s-own-session-name");
        assertThat(key.hash().array()).hasSize(32);
        assertThat(key.toString()).doesNotContain("customer");
        assertThat(HexFormat.of().formatHex(key.hash().array()))
                .as("under a secret of this process")
                .isNotEqualTo(HexFormat.of()
                        .formatHex(new SessionRoutes()
                                .key(World.REAL, 7, "the-customer-s-own-session-name", OPENING)
                                .hash()
                                .array()));
    }

    @Test
    void forgets_a_session_that_was_silent_too_long() {
        Key key = key(7, "s");
        sessions.put(key, route("one"));
        pass(SessionRoutes.IDLE.minusSeconds(1));
        assertThat(sessions.find(key)).isPresent();
        pass(SessionRoutes.IDLE.minusSeconds(1));
        assertThat(sessions.find(key)).as("it was heard of in between").isPresent();
        pass(SessionRoutes.IDLE.plusSeconds(1));
        assertThat(sessions.find(key)).isEmpty();
    }

    @Test
    void forgets_a_silent_session_while_others_of_its_organisation_talk() {
        Key silent = key(7, "silent");
        sessions.put(silent, route("one"));
        for (int i = 0; i < 50; i++) {
            pass(Duration.ofMinutes(1));
            sessions.put(key(7, "loud"), route("two"));
        }
        assertThat(sessions.find(silent)).isEmpty();
        assertThat(sessions.find(key(7, "loud"))).isPresent();
    }

    @Test
    void is_bounded_and_a_loud_organisation_drives_out_only_its_own() {
        Key quiet = key(8, "quiet");
        sessions.put(quiet, route("quiet"));
        List<Key> loud = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            Key key = key(7, "s" + i);
            loud.add(key);
            sessions.put(key, route("loud"));
        }
        assertThat(loud.stream().map(sessions::find).filter(Optional::isPresent).count())
                .isBetween(1L, 10_100L);
        assertThat(sessions.find(quiet)).contains(route("quiet"));
    }

    @Test
    void never_shows_an_organisation_another_s_route_however_they_interleave() throws Exception {
        int organizations = 50;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> seen = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                long organization = i % organizations;
                seen.add(threads.submit(() -> {
                    // ids that run into each other's names, and one session of the same name for all
                    String session = ThreadLocalRandom.current().nextBoolean() ? "s" : organization + "s";
                    Key key = key(organization, session);
                    Optional<Route> before = sessions.find(key);
                    sessions.put(key, route("of-" + organization));
                    Optional<Route> after = sessions.find(key);
                    boolean own = before.map(route -> route.model().equals("of-" + organization))
                                    .orElse(true)
                            && after.map(route -> route.model().equals("of-" + organization))
                                    .orElse(false);
                    return own ? "" : organization + " saw " + before + " and " + after;
                }));
            }
            for (Future<String> each : seen) {
                assertThat(each.get()).isEmpty();
            }
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Key key(long organization, String session) {
        return sessions.key(World.REAL, organization, session, OPENING);
    }

    private static Route route(String model) {
        return new Route(model, "big", 100, 0);
    }
}
