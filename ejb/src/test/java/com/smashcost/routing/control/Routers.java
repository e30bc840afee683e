package com.smashcost.routing.control;

import com.smashcost.Wired;
import java.util.function.Function;

/** Routers for tests, wired as the container would. */
public final class Routers {

    private Routers() {}

    /** A router with the shipped classifier. */
    public static Router wired(Cells cells, Projection projection) {
        return wired(Classifier.shipped()::classify, cells, projection, new SessionRoutes());
    }

    /** A router that takes every request for what a test says. */
    public static Router wired(
            Function<Asked, Classification> classifier, Cells cells, Projection projection, SessionRoutes sessions) {
        Scales scales = Wired.with(new Scales(classifier), cells, projection, new Availability());
        return Wired.with(new Router(), scales, sessions);
    }
}
