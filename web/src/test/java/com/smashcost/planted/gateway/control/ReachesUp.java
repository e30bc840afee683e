package com.smashcost.planted.gateway.control;

import com.smashcost.planted.gateway.boundary.Resource;

/** A control that knows its boundary. */
public class ReachesUp {

    /** Asks for a resource. */
    public String of(Resource resource) {
        return resource.toString();
    }
}
