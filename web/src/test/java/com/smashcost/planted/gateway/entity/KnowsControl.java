package com.smashcost.planted.gateway.entity;

import com.smashcost.planted.gateway.control.ReachesUp;

/** An entity that knows a control, if only in a type parameter. */
public class KnowsControl {

    /** Says so. */
    public java.util.List<ReachesUp> all() {
        return java.util.List.of();
    }
}
