package com.smashcost.ledger.control;

import com.smashcost.routing.control.Cells;
import com.smashcost.routing.control.Cells.Counts;
import com.smashcost.routing.control.Cells.Key;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;

/** Brings what this node counted of models' outcomes into the database every minute, and back what all nodes counted. */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CellKeeper {

    private static final Logger LOG = System.getLogger(CellKeeper.class.getName());

    @Inject
    private Cells cells;

    @EJB
    private CellStore store;

    /** Takes over what was counted before this start. */
    public void start() {
        cells.restore(store.load());
    }

    @Schedule(hour = "*", minute = "*", second = "23", persistent = false)
    void exchange() {
        if (save()) {
            try {
                cells.restore(store.load());
            } catch (EJBException e) {
                LOG.log(Level.DEBUG, "outcomes of other nodes are not read yet");
            }
        }
    }

    @PreDestroy
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    void stop() {
        save();
    }

    private boolean save() {
        Map<Key, Counts> unsaved = cells.takeUnsaved();
        try {
            store.add(unsaved);
            return true;
        } catch (EJBException e) {
            cells.putBack(unsaved);
            LOG.log(Level.DEBUG, "outcomes wait, the database does not take them");
            return false;
        }
    }
}
