package com.smashcost.planted.money.control;

import com.smashcost.planted.gateway.control.ReachesUp;

/** A component that uses one to its left. */
public class SeesTheGateway {

    /** Says so. */
    public Class<?> seen() {
        return ReachesUp.class;
    }
}
