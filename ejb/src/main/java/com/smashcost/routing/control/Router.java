package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.control.Regrets.Visit;
import com.smashcost.routing.control.SessionRoutes.Key;
import com.smashcost.routing.control.SessionRoutes.Route;
import com.smashcost.routing.control.SessionRoutes.World;
import com.smashcost.routing.entity.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the model of a request: the cheapest of those that can do what it needs and are good enough for it, else the one that
 * was asked for. It acts for organisations that are ACTIVE; for the others the same is worked out beside their traffic.
 */
@ApplicationScoped
public class Router {

    private static final Logger LOG = System.getLogger(Router.class.getName());
    private static final String AUTO = "auto";

    @Inject
    private Scales scales;

    @Inject
    private SessionRoutes sessions;

    @Inject
    private Regrets regrets;

    /** What a client says beside its body of how it wants to be routed. */
    public record Wish(boolean override, @Nullable String session) {

        /** Nothing in particular. */
        public static final Wish NONE = new Wish(false, null);
    }

    /** The choice where only the named model will do. */
    public static RoutingDecision named(Terms terms, String requested) {
        return new RoutingDecision.Passthrough(modeOf(terms), requested);
    }

    /** The choice for a request that nothing is weighed for. */
    public static RoutingDecision unweighed(Terms terms, String requested) {
        return named(terms, baseline(terms, requested));
    }

    /**
     * The choice for one request.
     *
     * @param requested the model as the client wrote it
     * @param conversation read only where something is to be weighed
     * @throws Refusal.BadRequest if the choice is left to us and there is no default model
     */
    public RoutingDecision decide(Terms terms, String requested, Wish wish, Supplier<Conversation> conversation) {
        String baseline = baseline(terms, requested);
        boolean auto = AUTO.equals(requested);
        if (!terms.status().routes() || terms.mode() == RoutingMode.off) {
            return named(terms, baseline);
        }
        if (wish.override() && !auto) {
            regrets.overridden(sessions.key(
                    World.REAL,
                    terms.organizationId(),
                    wish.session(),
                    conversation.get().opening()));
            return new RoutingDecision.Override(requested);
        }
        Optional<Offer> asked = asked(terms, baseline);
        if (asked.isEmpty()) {
            return named(terms, baseline);
        }
        Outcome outcome;
        try {
            outcome = weigh(World.REAL, terms, asked.get(), wish, conversation.get());
        } catch (RuntimeException e) { // a fault of ours must not cost an answer
            LOG.log(
                    Level.ERROR,
                    "a request could not be weighed and passes through: {0}",
                    e.getClass().getName());
            return named(terms, baseline);
        }
        regrets.asked(outcome.visit);
        Weighing weighing = outcome.weighing;
        String model = weighing.chosen().model();
        return outcome.held
                ? new RoutingDecision.SessionCached(model, baseline, weighing, weighing.fallbacks(), outcome.visit)
                : new RoutingDecision.Classified(model, baseline, weighing, weighing.fallbacks(), outcome.visit);
    }

    /**
     * What would have been chosen for a request that passed through, had the organisation been ACTIVE; empty if nothing can
     * replace its model. It changes nothing that clients see.
     */
    public Optional<Weighing> shadow(Terms terms, String requested, Wish wish, Conversation conversation) {
        if (terms.mode() == RoutingMode.off || (wish.override() && !AUTO.equals(requested))) {
            return Optional.empty(); // so would it pass through if routing acted
        }
        return asked(terms, baseline(terms, requested))
                .map(asked -> weigh(World.PROJECTED, terms, asked, wish, conversation).weighing);
    }

    private record Outcome(Weighing weighing, boolean held, Visit visit) {}

    private Outcome weigh(World world, Terms terms, Offer asked, Wish wish, Conversation conversation) {
        Key key = sessions.key(world, terms.organizationId(), wish.session(), conversation.opening());
        Route before = sessions.find(key)
                .filter(route -> route.asked().equals(asked.model()))
                .orElse(null);
        Offer current =
                before == null ? null : terms.catalogue().find(before.model()).orElse(null);
        Weighing fresh = scales.weigh(terms, asked, current, conversation.asked());
        if (before == null || current == null) {
            // who made the call of a tool loop that began unseen is not known; the requested model is who it was meant
            // for
            Weighing first = conversation.asked().inToolLoop() ? fresh.holding(asked) : fresh;
            sessions.put(key, new Route(first.chosen().model(), asked.model(), first.promptTokens(), 0));
            return new Outcome(first, false, new Visit(key, conversation.said()));
        }
        Turn turn = Turn.next(before, current, fresh, conversation.asked().inToolLoop());
        Weighing weighing = turn.stays() ? fresh.holding(current) : fresh.switching(before.promptTokens());
        sessions.put(key, new Route(weighing.chosen().model(), asked.model(), fresh.promptTokens(), turn.easyTurns()));
        return new Outcome(weighing, turn.stays(), new Visit(key, conversation.said()));
    }

    /** The model that savings are measured against, where it is one that answers and the router can compare. */
    private static Optional<Offer> asked(Terms terms, String baseline) {
        return terms.catalogue().find(baseline).filter(Offer::answers);
    }

    private static String baseline(Terms terms, String requested) {
        if (!AUTO.equals(requested)) {
            return requested;
        }
        String defaultModel = terms.defaultModel();
        if (defaultModel == null) {
            throw new Refusal.BadRequest(
                    "default_model_missing",
                    "The model auto needs the organisation's default model, which is not set. Set it, or name a model.",
                    "model");
        }
        return defaultModel;
    }

    private static Mode modeOf(Terms terms) {
        return terms.status().routes() ? Mode.active : Mode.observation;
    }
}
