package com.smashcost.routing.control;

/** How much quality an organisation lets the router trade for cost, named as in the settings. */
@SuppressWarnings("MemberName")
public enum RoutingMode {
    off(1),
    quality(0.99),
    balanced(0.97),
    savings(0.93);

    private final double target;

    RoutingMode(double target) {
        this.target = target;
    }

    /** The share of the requested model's quality that must be retained. */
    public double target() {
        return target;
    }
}
