package com.smashcost.routing.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** All that the router learns from how requests went, none of which tells what was said. */
@ApplicationScoped
public class Experience {

    @Inject
    private Projection projection;

    @Inject
    private Cells cells;

    @Inject
    private Regrets regrets;

    /** How much requests use and cost. */
    public Projection projection() {
        return projection;
    }

    /** How well models did. */
    public Cells cells() {
        return cells;
    }

    /** Whose answers were not good enough. */
    public Regrets regrets() {
        return regrets;
    }
}
