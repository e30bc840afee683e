package com.smashcost.account.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.audit.entity.ActorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LegalTransitionsTest {

    private static final Map<Character, ActorType> ACTORS = Map.of(
            'O', ActorType.OPERATOR,
            'B', ActorType.BILLING,
            'F', ActorType.FUNNEL,
            'M', ActorType.MEMBER,
            'S', ActorType.SYSTEM);

    /** Written from the rules, not from the code: from (row) to (column), by whom. */
    private static final String EXPECTED = """
            from              OBSERVING AWAITING_DECISION ACTIVE PAST_DUE CANCELED BLOCKED DELETED
            OBSERVING         .         F                 O      .        .        O       OM
            AWAITING_DECISION .         .                 O      .        .        O       OM
            ACTIVE            O         .                 .      B        OB       O       OM
            PAST_DUE          O         .                 OB     .        OB       O       OM
            CANCELED          .         .                 O      .        .        O       OM
            BLOCKED           O         .                 .      .        .        .       OM
            DELETED           .         .                 .      .        .        .       .
            """;

    @Test
    @Tag("G33")
    void all_pairs_of_states_are_legal_for_exactly_those_actors_that_the_rules_name() {
        List<String> lines = EXPECTED.lines().toList();
        List<String> targets = words(lines.get(0));
        List<String> differences = new ArrayList<>();
        int pairs = 0;
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = words(line);
            SubscriptionStatus from = SubscriptionStatus.valueOf(cells.get(0));
            for (int column = 1; column < cells.size(); column++) {
                SubscriptionStatus to = SubscriptionStatus.valueOf(targets.get(column));
                pairs++;
                for (Map.Entry<Character, ActorType> actor : ACTORS.entrySet()) {
                    boolean expected = cells.get(column).indexOf(actor.getKey()) >= 0;
                    if (LegalTransitions.allow(from, to, actor.getValue()) != expected) {
                        differences.add(actor.getValue() + ": " + from + " -> " + to);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(pairs).isEqualTo(SubscriptionStatus.values().length * SubscriptionStatus.values().length);
        assertThat(ACTORS).hasSameSizeAs(ActorType.values());
    }

    @Test
    @Tag("G38")
    void only_an_operator_reaches_a_state_that_stops_traffic_while_the_customer_wants_it() {
        for (SubscriptionStatus from : SubscriptionStatus.values()) {
            for (ActorType actor : EnumSet.complementOf(EnumSet.of(ActorType.OPERATOR))) {
                assertThat(open(from, actor)).doesNotContain(SubscriptionStatus.BLOCKED);
            }
            for (ActorType actor : EnumSet.of(ActorType.BILLING, ActorType.FUNNEL, ActorType.SYSTEM)) {
                assertThat(open(from, actor)).allMatch(SubscriptionStatus::letsTrafficFlow);
            }
        }
    }

    @Test
    @Tag("G35")
    void nobody_but_an_operator_turns_routing_on_for_one_who_was_not_paying() {
        for (ActorType actor : EnumSet.complementOf(EnumSet.of(ActorType.OPERATOR))) {
            for (SubscriptionStatus from :
                    EnumSet.complementOf(EnumSet.of(SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE))) {
                assertThat(open(from, actor)).noneMatch(SubscriptionStatus::routes);
            }
        }
    }

    @Test
    @Tag("G47")
    void nothing_follows_a_deletion() {
        for (ActorType actor : ActorType.values()) {
            assertThat(open(SubscriptionStatus.DELETED, actor)).isEmpty();
        }
    }

    private static Set<SubscriptionStatus> open(SubscriptionStatus from, ActorType actor) {
        return Arrays.stream(SubscriptionStatus.values())
                .filter(to -> LegalTransitions.allow(from, to, actor))
                .collect(Collectors.toSet());
    }

    private static List<String> words(String line) {
        return List.of(line.strip().split(" +"));
    }
}
