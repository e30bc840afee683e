package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.routing.control.Regrets.Visit;
import com.smashcost.routing.control.SessionRoutes.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Decisions for tests, as the router would make them. */
public final class Decisions {

    private static final byte[] BODY =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}".getBytes(StandardCharsets.UTF_8);

    private Decisions() {}

    /** A model that was asked for and chosen, and what may stand in for it. */
    public static RoutingDecision classified(String model, String... fallbacks) {
        return decision(model, model, List.of(fallbacks));
    }

    /** A model that was chosen in place of the requested one. */
    public static RoutingDecision moved(String model, String requested) {
        return decision(model, requested, List.of());
    }

    private static RoutingDecision decision(String model, String requested, List<String> fallbacks) {
        Offer offer = new Offer(1, model, "openai", "chat", true, null, null, Map.of(), null, null, List.of());
        Weighing weighing = new Weighing(
                new Classification(Task.other, 0.5, new double[4], new double[4][4], false, "none"),
                RoutingMode.balanced,
                0,
                10,
                20,
                offer,
                new double[] {},
                List.of(),
                offer,
                0);
        Conversation conversation = Conversation.read(BODY);
        Visit visit =
                new Visit(new SessionRoutes().key(World.REAL, 7, "test", conversation.opening()), conversation.said());
        return new RoutingDecision.Classified(model, requested, weighing, fallbacks, visit);
    }
}
