package com.smashcost.routing.control;

import com.smashcost.routing.control.Regrets.Visit;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.util.List;
import java.util.Optional;

/** How the model of one request was chosen, frozen for the request's life. */
public sealed interface RoutingDecision {

    /** Whether routing may act for the organisation. */
    Mode mode();

    /** The model that serves. */
    String model();

    /** The model whose price a saving is measured against. */
    String baseline();

    /** What was weighed; empty where nothing was. */
    Optional<Weighing> weighing();

    /** Other models that may serve where the chosen one cannot, best first; empty where none may. */
    default List<String> fallbacks() {
        return List.of();
    }

    /** The turn of a session that was weighed, so that what follows can be held against it; empty where nothing was. */
    default Optional<Visit> weighedVisit() {
        return switch (this) {
            case Passthrough passthrough -> Optional.empty();
            case Override override -> Optional.empty();
            case Classified classified -> Optional.of(classified.visit());
            case SessionCached cached -> Optional.of(cached.visit());
        };
    }

    /** The same decision for the requested model, because the chosen one's dialect cannot carry what is asked for. */
    default RoutingDecision staying() {
        return switch (this) {
            case Passthrough passthrough -> passthrough;
            case Override override -> override;
            case Classified classified ->
                new Classified(baseline(), baseline(), classified.weighed.staying(), List.of(), classified.visit);
            case SessionCached cached ->
                new Classified(baseline(), baseline(), cached.weighed.staying(), List.of(), cached.visit);
        };
    }

    /** The kind of decision, as it is stored and told. */
    default Routing routing() {
        return switch (this) {
            case Passthrough passthrough -> Routing.passthrough;
            case Override override -> Routing.override;
            case Classified classified -> Routing.classifier;
            case SessionCached cached -> Routing.session_cache;
        };
    }

    /** The requested model serves: routing is not active, is off, or has no say on this route. */
    record Passthrough(Mode mode, String model) implements RoutingDecision {

        @java.lang.Override
        public String baseline() {
            return model;
        }

        @java.lang.Override
        public Optional<Weighing> weighing() {
            return Optional.empty();
        }
    }

    /** The client insisted on the model it named, so that nothing else serves. */
    record Override(String model) implements RoutingDecision {

        @java.lang.Override
        public Mode mode() {
            return Mode.active;
        }

        @java.lang.Override
        public String baseline() {
            return model;
        }

        @java.lang.Override
        public Optional<Weighing> weighing() {
            return Optional.empty();
        }
    }

    /** The router chose by what this request is. */
    record Classified(String model, String baseline, Weighing weighed, List<String> fallbacks, Visit visit)
            implements RoutingDecision {

        @java.lang.Override
        public Mode mode() {
            return Mode.active;
        }

        @java.lang.Override
        public Optional<Weighing> weighing() {
            return Optional.of(weighed);
        }
    }

    /** The router stayed with what it had chosen earlier in the session. */
    record SessionCached(String model, String baseline, Weighing weighed, List<String> fallbacks, Visit visit)
            implements RoutingDecision {

        @java.lang.Override
        public Mode mode() {
            return Mode.active;
        }

        @java.lang.Override
        public Optional<Weighing> weighing() {
            return Optional.of(weighed);
        }
    }
}
