package com.smashcost.gateway.control;

import com.smashcost.Wired;
import com.smashcost.routing.control.Experience;
import com.smashcost.routing.control.Router;
import com.smashcost.routing.control.Routers;

/** The router's parts, wired together as the container would. */
record RoutingParts(Router router, ShadowRouting shadow, Experience experience) {

    static RoutingParts wired() {
        Experience experience = Routers.experience();
        Router router = Routers.wired(experience);
        return new RoutingParts(router, Wired.with(new ShadowRouting(), router), experience);
    }
}
