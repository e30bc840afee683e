package com.smashcost.ledger.control;

import com.smashcost.account.control.OrganizationErased;
import com.smashcost.routing.control.Cells;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** Erases the outcome counters of an organisation that is being deleted. */
@Stateless
public class DeletedCells {

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    @Inject
    private Cells cells;

    /** Erases them. */
    public void erase(@Observes OrganizationErased erased) {
        database.createNativeQuery("DELETE FROM routing_cell WHERE organization_id = ?1")
                .setParameter(1, erased.organizationId())
                .executeUpdate();
        cells.forget(erased.organizationId());
    }
}
