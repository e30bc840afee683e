package com.smashcost.gateway.boundary;

import com.smashcost.gateway.control.Admission;
import com.smashcost.gateway.control.Gateway;
import com.smashcost.ledger.control.Receipts;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.refusal.control.Refusal;
import jakarta.ejb.EJBException;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;

/** The receipts of routing decisions, for the organisation that made the request. */
@Path("decisions")
@Produces(MediaType.APPLICATION_JSON)
public class DecisionsResource {

    @Inject
    private Gateway gateway;

    @Inject
    private Receipts receipts;

    /** Why a request was served as it was, and at which prices. Counts against no limit. */
    @GET
    @Path("{id}")
    public byte[] one(@Context HttpServletRequest request, @PathParam("id") String id) {
        Admission caller = gateway.authenticate(Credentials.of(request));
        RequestId requestId = parse(id);
        try {
            return receipts.find(
                            caller.tenant().id(), requestId, caller.snapshot().catalogue())
                    .map(DecisionJson::of)
                    .orElseThrow(() -> new Refusal.NotFound(
                            "decision_not_found",
                            "Your organisation has no receipt under this request id. It appears within a second of the"
                                    + " answer's end."));
        } catch (EJBException e) {
            throw new Refusal.Unavailable(
                    "decisions_unavailable", "Receipts cannot be read just now; try again.", Duration.ofSeconds(2));
        }
    }

    static RequestId parse(String id) {
        try {
            return RequestId.parse(id);
        } catch (IllegalArgumentException e) {
            throw new Refusal.BadRequest(
                    "invalid_request_id", "This is no request id; send what X-SmashCost-Request-Id said.", "id");
        }
    }
}
