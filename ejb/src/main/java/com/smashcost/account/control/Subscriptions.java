package com.smashcost.account.control;

import com.smashcost.account.entity.Organization;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** The one way in which an organisation's status changes: legal, and together with the audit record that tells of it. */
@Stateless
public class Subscriptions {

    /** The code of a refused change, of which the trail already tells. */
    public static final String ILLEGAL_TRANSITION = "illegal_transition";

    private static final int LONGEST_REASON = 500;

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    @Inject
    private Audit audit;

    @Inject
    private BusinessClock clock;

    /**
     * Moves the organisation to {@code target}, from wherever that is legal for this actor.
     *
     * @throws Refusal if there is no such organisation, or the change is illegal; nothing has changed then, and the trail
     *     holds the refusal
     */
    public Organization transition(long organizationId, SubscriptionStatus target, Actor actor, String reason) {
        return transition(organizationId, EnumSet.allOf(SubscriptionStatus.class), target, actor, reason);
    }

    /**
     * Moves the organisation to {@code target}, from one of these statuses only: for actions that mean more than their target,
     * as the kill switch and the end of a block both lead to observation.
     *
     * @throws Refusal as the other function
     */
    public Organization transition(
            long organizationId, Set<SubscriptionStatus> from, SubscriptionStatus target, Actor actor, String reason) {
        String words = checkReason(reason);
        Organization organization = database.find(Organization.class, organizationId, LockModeType.PESSIMISTIC_WRITE);
        if (organization == null) {
            throw Organizations.unknown();
        }
        SubscriptionStatus present = organization.status();
        Instant now = clock.now();
        if (!from.contains(present) || !LegalTransitions.allow(present, target, actor.type())) {
            audit.appendApart(
                    AuditRecord.ofRefusedTransition(organizationId, now, actor, present.name(), target.name(), words));
            throw new Refusal.Conflict(
                    ILLEGAL_TRANSITION, "The organization is " + present + ", and this cannot make it " + target + ".");
        }
        long auditId = audit.append(
                AuditRecord.ofTransition(organizationId, now, actor, present.name(), target.name(), words));
        organization.enter(target, auditId, now);
        return organization;
    }

    static String checkReason(String reason) {
        String words = Expect.text("reason", reason, LONGEST_REASON);
        if (Audit.holdsKey(words)) {
            throw Expect.refuse("reason", "must not hold a key: the audit trail cannot be erased");
        }
        return words;
    }
}
