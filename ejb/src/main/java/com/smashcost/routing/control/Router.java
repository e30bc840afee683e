package com.smashcost.routing.control;

import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import org.jspecify.annotations.Nullable;

/** Chooses the model that serves a request. */
public final class Router {

    private static final String AUTO = "auto";

    private Router() {}

    /**
     * The choice for one request, frozen for its life.
     *
     * @param baseline the model whose price a saving is measured against
     */
    public record Decision(Mode mode, Routing routing, String model, String baseline) {}

    /** The choice where only the named model will do. */
    public static Decision named(SubscriptionStatus status, String requested) {
        return new Decision(
                status.routes() ? Mode.active : Mode.observation, Routing.passthrough, requested, requested);
    }

    /**
     * Passes the requested model through; {@code auto} becomes the organisation's default model.
     *
     * @throws Refusal.BadRequest if the choice is left to us and there is no default model
     */
    public static Decision decide(SubscriptionStatus status, String requested, @Nullable String defaultModel) {
        if (!AUTO.equals(requested)) {
            return named(status, requested);
        }
        if (defaultModel == null) {
            throw new Refusal.BadRequest(
                    "default_model_missing",
                    "The model auto needs the organisation's default model, which is not set. Set it, or name a model.",
                    "model");
        }
        return named(status, defaultModel);
    }
}
