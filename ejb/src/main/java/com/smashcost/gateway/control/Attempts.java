package com.smashcost.gateway.control;

import com.smashcost.gateway.control.Trial.Good;
import com.smashcost.gateway.control.Trial.Setback;
import com.smashcost.provider.control.Call;
import com.smashcost.routing.control.CircuitBreakers;
import com.smashcost.routing.control.CircuitBreakers.Permit;
import com.smashcost.routing.control.ProviderPauses;
import com.smashcost.routing.control.RetryBudget;
import com.smashcost.routing.control.RoutingDecision;
import com.smashcost.routing.entity.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calls that are made for one accepted request until one of them serves it: the chosen model, again where that may help
 * and the budget of retries allows it, then the models that may stand in. All of it happens before the client hears a word,
 * within the time of one request. Nothing is called whose breaker is open. An organisation that only observes is served by
 * the model it named, and its request is repeated only if it never left.
 */
@ApplicationScoped
class Attempts {

    private static final int MOST_RETRIES = 2;
    private static final int MOST_RETRIES_UNSENT = 1;

    /** A provider that wants a longer pause than this before a retry gets none. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    @Inject
    private CircuitBreakers breakers;

    @Inject
    private ProviderPauses pauses;

    @Inject
    private RetryBudget budget;

    /** Calls a candidate and looks at what it brings. */
    interface Line {
        Trial go(Served served, Candidate candidate);
    }

    /**
     * Serves the request, and has it told and recorded also where nothing can.
     *
     * @param other the candidate that a model would be; empty if it cannot serve this request
     */
    Reply serve(Accepted accepted, Candidate chosen, Function<String, Optional<Candidate>> other, Line line) {
        AtomicInteger calls = new AtomicInteger();
        Served unserved = accepted.served(chosen, new Attempt(chosen.provider(), chosen.model(), false, calls, null));
        try {
            Reply reply = switch (outcome(accepted, chosen, other, line, calls)) {
                case Good good -> good.reply();
                case null -> unserved.unavailable(breakers.retryAfter(chosen.provider(), chosen.model()));
                case Setback setback ->
                    isAbandoned(accepted) ? unserved.left() : setback.told().get();
            };
            reply.headers().put(Accepted.ATTEMPTS, Integer.toString(calls.get()));
            return reply;
        } catch (RuntimeException e) {
            unserved.broke();
            throw e;
        }
    }

    /**
     * What becomes of the request: the chosen model's setback where nothing serves, whatever became of those that were to stand
     * in; null if that was not called. What refuses a request that it was not meant for hands it back to the requested model.
     */
    private @Nullable Trial outcome(
            Accepted accepted,
            Candidate chosen,
            Function<String, Optional<Candidate>> other,
            Line line,
            AtomicInteger calls) {
        RoutingDecision decision = accepted.decision();
        Trial first = calls(accepted, chosen, false, calls, line);
        if (isRefused(first) && !decision.model().equals(decision.baseline())) {
            Trial requested = standIn(accepted, decision.baseline(), other, line, calls);
            return requested == null ? first : requested;
        }
        Trial trial = first;
        for (String model : decision.fallbacks()) {
            if (trial instanceof Good || isOver(accepted, first)) {
                break;
            }
            Trial next = standIn(accepted, model, other, line, calls);
            trial = next == null ? trial : next;
        }
        return trial instanceof Good ? trial : first;
    }

    /** Lets a model stand in; null if it is not to be called. */
    private @Nullable Trial standIn(
            Accepted accepted,
            String model,
            Function<String, Optional<Candidate>> other,
            Line line,
            AtomicInteger calls) {
        return other.apply(model)
                .filter(candidate -> !isAbandoned(accepted) && mayCall(accepted, candidate))
                .map(candidate -> calls(accepted, candidate, true, calls, line))
                .orElse(null);
    }

    /** Calls one model once, or more often where that may help; null if its breaker lets nothing through. */
    private @Nullable Trial calls(
            Accepted accepted, Candidate candidate, boolean fallback, AtomicInteger calls, Line line) {
        Call call = accepted.exchange().call();
        Trial trial = null;
        int repeated = 0;
        do {
            Permit permit =
                    breakers.permit(candidate.provider(), candidate.model()).orElse(null);
            if (permit == null) {
                return trial;
            }
            if (calls.get() > 0 && !call.renew()) {
                permit.close();
                return trial;
            }
            if (repeated == 0) {
                budget.request(candidate.provider());
            }
            calls.incrementAndGet();
            Attempt attempt = new Attempt(candidate.provider(), candidate.model(), fallback, calls, permit);
            trial = call(accepted, candidate, attempt, line);
        } while (trial instanceof Setback setback && isRepeated(accepted, candidate, setback, repeated++));
        return trial;
    }

    private Trial call(Accepted accepted, Candidate candidate, Attempt attempt, Line line) {
        long organizationId = accepted.admission().tenant().id();
        Trial trial;
        try {
            trial = line.go(accepted.served(candidate, attempt), candidate);
        } catch (RuntimeException e) {
            attempt.released();
            throw e;
        }
        switch (trial) {
            case Good good -> pauses.served(organizationId, candidate.provider());
            case Setback setback -> {
                if (setback.kind().isFailure()) {
                    attempt.failed();
                } else {
                    attempt.released();
                }
                if (setback.kind() == Setback.Kind.LIMITED) {
                    pauses.pause(organizationId, candidate.provider(), setback.retryAfter());
                }
            }
        }
        return trial;
    }

    private boolean isRepeated(Accepted accepted, Candidate candidate, Setback setback, int repeated) {
        Duration asked = setback.retryAfter();
        boolean helps = switch (setback.kind()) {
            case UNREACHED -> repeated < (isActive(accepted) ? MOST_RETRIES : MOST_RETRIES_UNSENT);
            case BROKEN -> isActive(accepted) && repeated < MOST_RETRIES;
            case SPENT, LIMITED, REFUSED, LEFT -> false;
        };
        if (!helps || (asked != null && asked.compareTo(LONGEST_PAUSE) > 0) || !budget.take(candidate.provider())) {
            return false;
        }
        Duration delay = budget.delay(repeated);
        return accepted.exchange().call().rest(asked != null && asked.compareTo(delay) > 0 ? asked : delay);
    }

    /** Whether nothing else is to be tried: the fault is the request's, or nobody waits. */
    private static boolean isOver(Accepted accepted, @Nullable Trial first) {
        return isAbandoned(accepted)
                || (first instanceof Setback setback && !setback.kind().mayGoElsewhere());
    }

    private static boolean isRefused(@Nullable Trial trial) {
        return trial instanceof Setback setback && setback.kind() == Setback.Kind.REFUSED;
    }

    private static boolean isAbandoned(Accepted accepted) {
        return accepted.exchange().call().isAbandoned();
    }

    private boolean mayCall(Accepted accepted, Candidate candidate) {
        return pauses.remaining(accepted.admission().tenant().id(), candidate.provider())
                .isEmpty();
    }

    private static boolean isActive(Accepted accepted) {
        return accepted.decision().mode() == Mode.active;
    }
}
