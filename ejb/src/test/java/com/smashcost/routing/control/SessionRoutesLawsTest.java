package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.routing.control.Conversation.Opening;
import com.smashcost.routing.control.SessionRoutes.Key;
import com.smashcost.routing.control.SessionRoutes.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

@Tag("G20")
class SessionRoutesLawsTest {

    private final SessionRoutes sessions = new SessionRoutes();

    private record Told(
            World world, long organization, @Nullable String session, Opening opening) {

        /** What has to tell it from others: a session that has a name is known by that alone. */
        Object identity() {
            return session == null
                    ? List.of(world, organization, opening)
                    : List.of(world, organization, "named", session);
        }
    }

    @Property(tries = 300)
    void gives_the_same_key_for_the_same_and_no_other(
            @ForAll("tellings") @Size(min = 2, max = 40) List<Told> tellings) {
        Map<Object, Key> keys = new HashMap<>();
        Map<Object, Object> identities = new HashMap<>();
        for (Told told : tellings) {
            Key key = sessions.key(told.world, told.organization, told.session, told.opening);
            assertThat(key.organizationId()).isEqualTo(told.organization);
            Key same = keys.putIfAbsent(told.identity(), key);
            assertThat(same == null ? key : same).isEqualTo(key);
            Object other = identities.putIfAbsent(key.hash(), told.identity()); // the hash alone, too
            assertThat(other == null ? told.identity() : other).isEqualTo(told.identity());
        }
    }

    /** Few digits, so that many ids and names begin or end alike. */
    @Provide
    Arbitrary<List<Told>> tellings() {
        Arbitrary<Long> organizations = Arbitraries.oneOf(
                Arbitraries.of(0L, 1L, 2L, 11L, 12L, 21L, 111L, 112L, Long.MAX_VALUE), Arbitraries.longs());
        Arbitrary<@Nullable String> sessions = Arbitraries.oneOf(
                        Arbitraries.strings().withChars("12:,|/\0\n -").ofMaxLength(6),
                        Arbitraries.strings().filter(SessionRoutesLawsTest::isText))
                .injectNull(0.2);
        Arbitrary<Opening> openings =
                Combinators.combine(small(), small(), small(), small()).as(Opening::new);
        return Combinators.combine(Arbitraries.of(World.class), organizations, sessions, openings)
                .as(Told::new)
                .list();
    }

    private static Arbitrary<Long> small() {
        return Arbitraries.longs().between(0, 3);
    }

    private static boolean isText(String text) {
        return text.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }
}
