package com.smashcost.account.control;

import static com.smashcost.account.entity.SubscriptionStatus.ACTIVE;
import static com.smashcost.account.entity.SubscriptionStatus.AWAITING_DECISION;
import static com.smashcost.account.entity.SubscriptionStatus.BLOCKED;
import static com.smashcost.account.entity.SubscriptionStatus.CANCELED;
import static com.smashcost.account.entity.SubscriptionStatus.DELETED;
import static com.smashcost.account.entity.SubscriptionStatus.OBSERVING;
import static com.smashcost.account.entity.SubscriptionStatus.PAST_DUE;
import static com.smashcost.audit.entity.ActorType.BILLING;
import static com.smashcost.audit.entity.ActorType.FUNNEL;
import static com.smashcost.audit.entity.ActorType.MEMBER;
import static com.smashcost.audit.entity.ActorType.OPERATOR;

import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.audit.entity.ActorType;
import java.util.List;
import java.util.Set;

/**
 * The table of the status changes that there are, and of who may make them; what is not in it does not happen.
 *
 * <p>Nothing but an operator's confirmed activation turns routing on where it was off, so billing moves an organisation only
 * between states that a paid subscription has. A status never changes to itself.
 */
final class LegalTransitions {

    private static final List<Rule> TABLE = List.of(
            // the observation window closed
            rule(OBSERVING, AWAITING_DECISION, FUNNEL),
            // activation
            rule(OBSERVING, ACTIVE, OPERATOR),
            rule(AWAITING_DECISION, ACTIVE, OPERATOR),
            rule(CANCELED, ACTIVE, OPERATOR),
            // payment
            rule(ACTIVE, PAST_DUE, BILLING),
            rule(PAST_DUE, ACTIVE, BILLING, OPERATOR),
            rule(ACTIVE, CANCELED, BILLING, OPERATOR),
            rule(PAST_DUE, CANCELED, BILLING, OPERATOR),
            // kill switch
            rule(ACTIVE, OBSERVING, OPERATOR),
            rule(PAST_DUE, OBSERVING, OPERATOR),
            // block and unblock
            rule(OBSERVING, BLOCKED, OPERATOR),
            rule(AWAITING_DECISION, BLOCKED, OPERATOR),
            rule(ACTIVE, BLOCKED, OPERATOR),
            rule(PAST_DUE, BLOCKED, OPERATOR),
            rule(CANCELED, BLOCKED, OPERATOR),
            rule(BLOCKED, OBSERVING, OPERATOR),
            // deletion, after which nothing follows
            rule(OBSERVING, DELETED, OPERATOR, MEMBER),
            rule(AWAITING_DECISION, DELETED, OPERATOR, MEMBER),
            rule(ACTIVE, DELETED, OPERATOR, MEMBER),
            rule(PAST_DUE, DELETED, OPERATOR, MEMBER),
            rule(CANCELED, DELETED, OPERATOR, MEMBER),
            rule(BLOCKED, DELETED, OPERATOR, MEMBER));

    private LegalTransitions() {}

    /** Whether this kind of actor may change the status so. */
    static boolean allow(SubscriptionStatus from, SubscriptionStatus to, ActorType actor) {
        return TABLE.stream().anyMatch(rule -> rule.from == from && rule.to == to && rule.actors.contains(actor));
    }

    private static Rule rule(SubscriptionStatus from, SubscriptionStatus to, ActorType... actors) {
        return new Rule(from, to, Set.of(actors));
    }

    private record Rule(SubscriptionStatus from, SubscriptionStatus to, Set<ActorType> actors) {}
}
