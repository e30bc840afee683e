package com.smashcost.admin.control;

import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.ActorType;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.job.control.BusinessClock;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the database remembers of attempts to sign in, for all nodes: which code was used last, and how often it went wrong. The
 * database's clock ends a lock.
 */
@Stateless
public class SignInRecord {

    private static final int FAILURES_THAT_LOCK = 5;

    /** Nobody proved to be anyone, so the record names the door. */
    private static final Actor STRANGER = new Actor(ActorType.SYSTEM, "sign-in");

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    @Inject
    private Audit audit;

    @Inject
    private BusinessClock clock;

    /**
     * Writes an attempt down and says whether it succeeds: both credentials were right, the code was not used before, nor one
     * after it, and the operator is not locked out.
     *
     * <p>A used code does not count as a failure: whoever has it has both credentials, and would only lock the operator out.
     *
     * @param step the step of the right code; empty if a credential was wrong
     */
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public boolean settle(String operator, OptionalLong step) {
        if (isLocked(operator)) {
            return false;
        }
        if (step.isEmpty()) {
            database.createNativeQuery("""
                            UPDATE admin_sign_in
                            SET locked_until = IF(failures + 1 >= ?2, UTC_TIMESTAMP(6) + INTERVAL 15 MINUTE, NULL),
                                failures = IF(failures + 1 >= ?2, 0, failures + 1)
                            WHERE operator = ?1""")
                    .setParameter(1, operator)
                    .setParameter(2, FAILURES_THAT_LOCK)
                    .executeUpdate();
            note(STRANGER, operator, AuditRecord.Outcome.refused, "invalid_credentials");
            return false;
        }
        int used = database.createNativeQuery("""
                        UPDATE admin_sign_in SET last_step = ?2, failures = 0, locked_until = NULL
                        WHERE operator = ?1 AND last_step < ?2""")
                .setParameter(1, operator)
                .setParameter(2, step.getAsLong())
                .executeUpdate();
        if (used != 1) {
            note(STRANGER, operator, AuditRecord.Outcome.refused, "code_used_before");
            return false;
        }
        note(Actor.operator(operator), operator, AuditRecord.Outcome.done, null);
        return true;
    }

    /** Takes the operator's row for this transaction, and makes it the first time; one statement, so that no two wait in a ring. */
    private boolean isLocked(String operator) {
        database.createNativeQuery("""
                        INSERT INTO admin_sign_in (operator) VALUES (?1) ON DUPLICATE KEY UPDATE operator = operator""").setParameter(1, operator).executeUpdate();
        Object locked =
                database.createNativeQuery("""
                        SELECT COUNT(*) FROM admin_sign_in
                        WHERE operator = ?1 AND locked_until > UTC_TIMESTAMP(6) FOR UPDATE""").setParameter(1, operator).getSingleResult();
        return ((Number) locked).intValue() > 0;
    }

    private void note(Actor actor, String operator, AuditRecord.Outcome outcome, @Nullable String why) {
        audit.append(new AuditRecord(null, clock.now(), actor, "operator.sign-in", operator, outcome, why));
    }
}
