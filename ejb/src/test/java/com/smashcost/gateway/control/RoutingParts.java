package com.smashcost.gateway.control;

import com.smashcost.Wired;
import com.smashcost.routing.control.Asked;
import com.smashcost.routing.control.Classification;
import com.smashcost.routing.control.Experience;
import com.smashcost.routing.control.Router;
import com.smashcost.routing.control.Routers;
import com.smashcost.routing.control.SessionRoutes;
import java.util.function.Function;

/** The router's parts, wired together as the container would. */
record RoutingParts(Router router, ShadowRouting shadow, Experience experience) {

    static RoutingParts wired() {
        Experience experience = Routers.experience();
        return wired(Routers.wired(experience), experience);
    }

    /** Parts that take every request for what a test says. */
    static RoutingParts wired(Function<Asked, Classification> classifier) {
        Experience experience = Routers.experience();
        return wired(Routers.wired(classifier, experience, new SessionRoutes()), experience);
    }

    private static RoutingParts wired(Router router, Experience experience) {
        return new RoutingParts(router, Wired.with(new ShadowRouting(), router), experience);
    }
}
