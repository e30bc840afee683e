package com.smashcost.routing.control;

import com.smashcost.Wired;
import java.util.function.Function;

/** Routers for tests, wired as the container would. */
public final class Routers {

    private Routers() {}

    /** Nothing was learnt yet. */
    public static Experience experience() {
        Cells cells = new Cells();
        return Wired.with(new Experience(), cells, new Projection(), Wired.with(new Regrets(), cells));
    }

    /** A router with the shipped classifier. */
    public static Router wired(Experience experience) {
        return wired(Classifier.shipped()::classify, experience, new SessionRoutes());
    }

    /** A router that takes every request for what a test says. */
    public static Router wired(
            Function<Asked, Classification> classifier, Experience experience, SessionRoutes sessions) {
        Scales scales = Wired.with(new Scales(classifier), experience.cells(), experience.projection(), available());
        return Wired.with(new Router(), scales, sessions, experience.regrets());
    }

    /** A router that has learnt this much, and takes every request for what a test says. */
    static Router wired(
            Function<Asked, Classification> classifier, Cells cells, Projection projection, SessionRoutes sessions) {
        Experience experience = Wired.with(new Experience(), cells, projection, Wired.with(new Regrets(), cells));
        return wired(classifier, experience, sessions);
    }

    /** Every model can be called. */
    static Availability available() {
        return Wired.with(new Availability(), new CircuitBreakers(), new ProviderPauses());
    }
}
