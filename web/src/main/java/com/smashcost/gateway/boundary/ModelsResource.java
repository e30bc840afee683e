package com.smashcost.gateway.boundary;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.gateway.control.Gateway;
import com.smashcost.refusal.control.Refusal;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;

/** The models that the caller's organisation can use: those of providers it has a credential for. */
@Path("models")
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource {

    @Inject
    private Gateway gateway;

    @GET
    public byte[] list(@Context HttpServletRequest request) {
        JsonArrayBuilder data = Json.createArrayBuilder();
        for (Offer offer : gateway.models(gateway.authenticate(Credentials.of(request)))) {
            data.add(model(offer));
        }
        return bytes(Json.createObjectBuilder()
                .add("object", "list")
                .add("data", data)
                .build());
    }

    @GET
    @Path("{id: .+}")
    public byte[] one(@Context HttpServletRequest request, @PathParam("id") String id) {
        return gateway.models(gateway.authenticate(Credentials.of(request))).stream()
                .filter(offer -> offer.model().equals(id))
                .findFirst()
                .map(offer -> bytes(model(offer)))
                .orElseThrow(() -> new Refusal.NotFound(
                        "model_not_found", "Your organisation can use no model of this name; see GET /v1/models."));
    }

    private static JsonObject model(Offer offer) {
        return Json.createObjectBuilder()
                .add("id", offer.model())
                .add("object", "model")
                .add(
                        "created",
                        offer.prices().stream()
                                .map(price -> price.validFrom().getEpochSecond())
                                .min(Long::compare)
                                .orElse(Instant.EPOCH.getEpochSecond()))
                .add("owned_by", offer.provider())
                .build();
    }

    private static byte[] bytes(JsonObject json) {
        return json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
