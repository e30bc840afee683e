package com.smashcost.audit.control;

import com.smashcost.audit.entity.AuditRecord;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The trail: lines are added to it, and nothing is taken away. */
@Stateless
public class Audit {

    /** What keys of the gateway and of the providers look like. */
    private static final Pattern KEY = Pattern.compile("(?:\\bsc_|\\bsk-|\\bgsk_|\\bAIza)[A-Za-z0-9_-]{16,}");

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    /** Adds the record to the caller's transaction, with which it stands or falls; returns its id. */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public long append(AuditRecord record) {
        database.persist(record);
        database.flush();
        return Objects.requireNonNull(record.id());
    }

    /** Adds the record in a transaction of its own, so that it stays when what it tells of is rolled back. */
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public void appendApart(AuditRecord record) {
        database.persist(record);
    }

    /**
     * Records of one organisation, newest first.
     *
     * @param before only records older than this id; null = from the newest
     */
    public List<AuditRecord> page(long organizationId, int limit, @Nullable Long before) {
        return database.createQuery(
                        "SELECT a FROM AuditRecord a WHERE a.organizationId = :organization AND a.id < :before"
                                + " ORDER BY a.id DESC",
                        AuditRecord.class)
                .setParameter("organization", organizationId)
                .setParameter("before", before == null ? Long.MAX_VALUE : before)
                .setMaxResults(limit)
                .getResultList();
    }

    /** Whether the text holds what looks like a key, which must not get into a trail that is never erased. */
    public static boolean holdsKey(String text) {
        return KEY.matcher(text).find();
    }
}
