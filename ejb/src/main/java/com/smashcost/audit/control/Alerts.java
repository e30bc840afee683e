package com.smashcost.audit.control;

import com.smashcost.audit.entity.AlertRecord;
import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people should look at: each cause is told once, and nothing is taken away. */
@Stateless
public class Alerts {

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    /** Raises the alert unless its cause was told already; returns whether it was new. */
    public boolean raise(AlertRecord alert) {
        boolean known = !database.createQuery("SELECT a.id FROM AlertRecord a WHERE a.cause = :cause", Long.class)
                .setParameter("cause", alert.cause())
                .getResultList()
                .isEmpty();
        if (!known) {
            database.persist(alert);
        }
        return !known;
    }

    /**
     * Alerts of one organisation, newest first.
     *
     * @param before only alerts older than this id; null = from the newest
     */
    public List<AlertRecord> page(long organizationId, int limit, @Nullable Long before) {
        return database.createQuery(
                        "SELECT a FROM AlertRecord a WHERE a.organizationId = :organization AND a.id < :before"
                                + " ORDER BY a.id DESC",
                        AlertRecord.class)
                .setParameter("organization", organizationId)
                .setParameter("before", before == null ? Long.MAX_VALUE : before)
                .setMaxResults(limit)
                .getResultList();
    }
}
