package com.smashcost.admin.control;

import com.smashcost.secret.control.Starting;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;

/** Stops a start whose admin credentials are malformed. */
@Dependent
public class AdminStart {

    void check(@Observes Starting start) {
        AdminCredentials.check(start.environment());
    }
}
