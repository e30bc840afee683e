package com.smashcost.gateway.boundary;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.gateway.control.Gateway;
import com.smashcost.refusal.control.Refusal;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models that the caller's organisation can use: those of providers it has a credential for. */
@Path("models")
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource {

    @Inject
    private Gateway gateway;

    @GET
    public byte[] list(@Context HttpServletRequest request) {
        List<Offer> offers = gateway.models(gateway.authenticate(Credentials.of(request)));
        JsonArrayBuilder data = Json.createArrayBuilder();
        offers.forEach(offer -> data.add(model(request, offer)));
        JsonObjectBuilder list = Json.createObjectBuilder();
        if (speaksAnthropic(request)) {
            list.add("data", data).add("has_more", false);
            addOrNull(
                    list,
                    "first_id",
                    offers.isEmpty() ? null : offers.getFirst().model());
            addOrNull(
                    list, "last_id", offers.isEmpty() ? null : offers.getLast().model());
        } else {
            list.add("object", "list").add("data", data);
        }
        return bytes(list.build());
    }

    private static void addOrNull(JsonObjectBuilder object, String name, @Nullable String value) {
        if (value == null) {
            object.addNull(name);
        } else {
            object.add(name, value);
        }
    }

    /** Only clients of that dialect send this header; the route is the same for all. */
    private static boolean speaksAnthropic(HttpServletRequest request) {
        return request.getHeader("anthropic-version") != null;
    }

    @GET
    @Path("{id: .+}")
    public byte[] one(@Context HttpServletRequest request, @PathParam("id") String id) {
        return gateway.models(gateway.authenticate(Credentials.of(request))).stream()
                .filter(offer -> offer.model().equals(id))
                .findFirst()
                .map(offer -> bytes(model(request, offer)))
                .orElseThrow(() -> new Refusal.NotFound(
                        "model_not_found", "Your organisation can use no model of this name; see GET /v1/models."));
    }

    private static JsonObject model(HttpServletRequest request, Offer offer) {
        Instant created = offer.prices().stream()
                .map(Price::validFrom)
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
        return speaksAnthropic(request)
                ? Json.createObjectBuilder()
                        .add("type", "model")
                        .add("id", offer.model())
                        .add("display_name", offer.model())
                        .add("created_at", created.toString())
                        .build()
                : Json.createObjectBuilder()
                        .add("id", offer.model())
                        .add("object", "model")
                        .add("created", created.getEpochSecond())
                        .add("owned_by", offer.provider())
                        .build();
    }

    private static byte[] bytes(JsonObject json) {
        return json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
