package com.smashcost.gateway.control;

import com.smashcost.admission.control.Hold;
import com.smashcost.admission.control.SlidingWindow.Permit;
import com.smashcost.ledger.control.OpenEntry;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.control.Dialect;
import com.smashcost.routing.control.RoutingDecision;
import com.smashcost.routing.control.Weighing;
import com.smashcost.routing.entity.Mode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A request whose record is open, whichever call will serve it.
 *
 * @param route the dialect that the client speaks
 * @param hold what it holds of budgets
 */
record Accepted(
        Admission admission,
        Exchange exchange,
        Dialect route,
        ClientBody request,
        RouterVerdict verdict,
        OpenEntry entry,
        Hold hold,
        KeepAlive keepAlive) {

    /** Tells how many calls of providers were made. */
    static final String ATTEMPTS = "X-SmashCost-Attempts";

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.\\[\\]-]{1,64}");
    private static final int MOST_NAMES = 20;

    RoutingDecision decision() {
        return verdict.decision();
    }

    /** The request as this call would serve it. */
    Served served(Candidate candidate, Attempt attempt) {
        Map<String, String> headers = headers(admission, exchange, request, decision(), candidate.target());
        headers.put(ATTEMPTS, Integer.toString(attempt.calls()));
        if (!candidate.outbound().dropped().isEmpty()) {
            headers.put("X-SmashCost-Dropped", names(candidate.outbound().dropped()));
        }
        if (!hold.warnings().isEmpty()) {
            headers.put("X-SmashCost-Budget-Warning", String.join(", ", hold.warnings()));
        }
        Ending ending = new Ending(
                exchange,
                entry,
                hold,
                admission.snapshot().catalogue(),
                attempt,
                decision().baseline(),
                verdict);
        return new Served(
                exchange,
                route,
                request,
                candidate.target().traits(),
                candidate.outbound(),
                ending,
                headers,
                keepAlive,
                decision().mode() == Mode.active);
    }

    /** What every reply tells of its request. */
    static Map<String, String> headers(
            Admission admission, Exchange exchange, ClientBody request, RoutingDecision decision, Target target) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-SmashCost-Request-Id", exchange.id().toString());
        headers.put("X-SmashCost-Model-Requested", request.model());
        headers.put("X-SmashCost-Model-Used", target.traits().model());
        headers.put("X-SmashCost-Provider", target.provider().id());
        headers.put("X-SmashCost-Mode", decision.mode().name());
        headers.put("X-SmashCost-Routing", decision.routing().name());
        decision.weighing().map(Weighing::classification).ifPresent(classification -> {
            headers.put("X-SmashCost-Task", classification.task().name());
            headers.put("X-SmashCost-Score", RouterVerdict.score(classification).toPlainString());
        });
        headers.put(ATTEMPTS, "1");
        Permit permit = admission.permit();
        if (permit != null) {
            RateLimitHeaders.put(permit, headers);
        }
        return headers;
    }

    /** Names for a header: they are the client's words, so only plain ones are repeated. */
    private static String names(List<String> members) {
        return members.stream()
                .map(name -> PLAIN_NAME.matcher(name).matches() ? name : "?")
                .distinct()
                .limit(MOST_NAMES)
                .collect(Collectors.joining(", "));
    }
}
