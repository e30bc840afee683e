package com.smashcost.gateway.control;

import com.smashcost.Wired;
import com.smashcost.routing.control.Cells;
import com.smashcost.routing.control.Projection;
import com.smashcost.routing.control.Router;
import com.smashcost.routing.control.Routers;

/** The router's parts, wired together as the container would. */
record RoutingParts(Router router, ShadowRouting shadow, Projection projection, Cells cells) {

    static RoutingParts wired() {
        Cells cells = new Cells();
        Projection projection = new Projection();
        Router router = Routers.wired(cells, projection);
        return new RoutingParts(router, Wired.with(new ShadowRouting(), router), projection, cells);
    }
}
