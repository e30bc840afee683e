package com.smashcost.gateway.control;

import com.smashcost.Wired;
import com.smashcost.routing.control.Asked;
import com.smashcost.routing.control.Cells;
import com.smashcost.routing.control.Classification;
import com.smashcost.routing.control.Projection;
import com.smashcost.routing.control.Router;
import com.smashcost.routing.control.Routers;
import com.smashcost.routing.control.SessionRoutes;
import java.util.function.Function;

/** The router's parts, wired together as the container would. */
record RoutingParts(Router router, ShadowRouting shadow, Projection projection, Cells cells) {

    static RoutingParts wired() {
        Cells cells = new Cells();
        Projection projection = new Projection();
        return wired(Routers.wired(cells, projection), projection, cells);
    }

    /** Parts that take every request for what a test says. */
    static RoutingParts wired(Function<Asked, Classification> classifier) {
        Cells cells = new Cells();
        Projection projection = new Projection();
        return wired(Routers.wired(classifier, cells, projection, new SessionRoutes()), projection, cells);
    }

    private static RoutingParts wired(Router router, Projection projection, Cells cells) {
        return new RoutingParts(router, Wired.with(new ShadowRouting(), router), projection, cells);
    }
}
