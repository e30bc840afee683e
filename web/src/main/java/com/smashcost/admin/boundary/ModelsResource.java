package com.smashcost.admin.boundary;

import com.smashcost.admin.control.Changes;
import com.smashcost.audit.entity.Actor;
import com.smashcost.catalog.control.ModelDescription;
import com.smashcost.catalog.control.Models;
import com.smashcost.catalog.entity.Model;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.PriceVersion;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.Providers;
import com.smashcost.refusal.control.Expect;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The catalogue's models and their prices in US dollars per token or search; ids are names, which may contain slashes. */
@Path("/models")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource {

    private static final Set<String> MODEL = Set.of(
            "provider",
            "mode",
            "context_window",
            "max_output_tokens",
            "capabilities",
            "deprecated_on",
            "enabled",
            "tier");
    private static final Set<String> BUCKETS = Set.of(
            "input",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "output",
            "reasoning_output",
            "audio_input",
            "audio_output",
            "web_search");
    private static final Set<String> TIER = with(BUCKETS, "service_tier", "prompt_tokens_above");
    private static final Set<String> PRICES = with(BUCKETS, "valid_from", "source", "tiers");

    @Inject
    private Models models;

    @Inject
    private Providers providers;

    @Inject
    private Changes changes;

    /** Unit prices; a bucket without a price of its own shows the one it is billed by, null where there is none. */
    public record Tier(
            String serviceTier,
            long promptTokensAbove,
            @Nullable BigDecimal input,
            @Nullable BigDecimal cachedInput,
            @JsonbProperty("cache_write_5m") @Nullable BigDecimal cacheWrite5m,
            @JsonbProperty("cache_write_1h") @Nullable BigDecimal cacheWrite1h,
            @Nullable BigDecimal output,
            @Nullable BigDecimal reasoningOutput,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput,
            @Nullable BigDecimal webSearch) {

        static Tier of(PriceTier tier) {
            UnitPrices prices = tier.prices();
            return new Tier(
                    tier.serviceTier(),
                    tier.promptTokensAbove(),
                    prices.input(),
                    prices.cachedInput(),
                    prices.cacheWrite5m(),
                    prices.cacheWrite1h(),
                    prices.output(),
                    prices.reasoningOutput(),
                    prices.audioInput(),
                    prices.audioOutput(),
                    prices.webSearch());
        }
    }

    /** A price version with its tiers. */
    public record Version(long id, Instant validFrom, String source, Instant createdAt, List<Tier> tiers) {

        static Version of(PriceVersion version) {
            return new Version(
                    version.id(),
                    version.validFrom(),
                    version.source(),
                    version.createdAt(),
                    version.tiers().stream().map(Tier::of).toList());
        }
    }

    /** A model with the history of its prices, newest first. */
    public record Priced(
            String id,
            String provider,
            String mode,
            @Nullable Long contextWindow,
            @Nullable Long maxOutputTokens,
            Map<String, Boolean> capabilities,
            @Nullable LocalDate deprecatedOn,
            boolean enabled,
            com.smashcost.catalog.entity.@Nullable Tier tier,
            List<Version> prices) {}

    @GET
    @Path("/{id: .+}")
    @Operation(summary = "Shows a model with the history of its prices.")
    public Priced show(@PathParam("id") String id) {
        return priced(models.require(id));
    }

    @PUT
    @Path("/{id: .+}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds a model, or changes what the body names of one; \"enabled\" offers it or stops that.")
    public Response put(@PathParam("id") String id, InputStream body, @Context SecurityContext security) {
        JsonBody given = JsonBody.read(body, MODEL);
        Actor operator = OperatorOnly.caller(security);
        Models.Stored stored = changes.make(operator, null, "model.put", id, () -> {
            String provider = given.text("provider");
            if (provider != null && providers.find(provider).isEmpty()) {
                throw Expect.refuse(
                        "provider",
                        "must be one of "
                                + String.join(
                                        ", ",
                                        providers.all().stream()
                                                .map(Provider::id)
                                                .toList()));
            }
            return models.put(
                    id,
                    known -> known.map(present -> changed(present, given)).orElseGet(() -> described(given)),
                    operator);
        });
        Priced answer = priced(stored.model());
        return stored.created()
                ? Response.created(URI.create(AdminApplication.ROOT + "/models/"
                                + stored.model().name()))
                        .entity(answer)
                        .build()
                : Response.ok(answer).build();
    }

    @POST
    @Path("/{id: .+}/prices")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds a version to a model's prices, from now on or from a given instant.")
    public Response addPrices(@PathParam("id") String id, InputStream body, @Context SecurityContext security) {
        JsonBody given = JsonBody.read(body, PRICES);
        Actor operator = OperatorOnly.caller(security);
        PriceVersion version = changes.make(
                operator,
                null,
                "price.add",
                id,
                () -> models.addPrices(id, given.instant("valid_from"), given.text("source"), tiers(given), operator));
        return Response.created(URI.create(AdminApplication.ROOT + "/models/" + id))
                .entity(Version.of(version))
                .build();
    }

    private Priced priced(Model model) {
        ModelDescription known = ModelDescription.of(model);
        return new Priced(
                model.name(),
                known.provider(),
                known.mode(),
                known.contextWindow(),
                known.maxOutputTokens(),
                new TreeMap<>(known.capabilities()),
                known.deprecatedOn(),
                known.enabled(),
                known.tier(),
                models.prices(model).stream().map(Version::of).toList());
    }

    private static ModelDescription described(JsonBody given) {
        return new ModelDescription(
                Expect.present("provider", given.text("provider")),
                Objects.requireNonNullElse(given.text("mode"), "chat"),
                given.whole("context_window"),
                given.whole("max_output_tokens"),
                capabilities(given.object("capabilities")),
                given.date("deprecated_on"),
                !Boolean.FALSE.equals(given.flag("enabled")),
                quality(given),
                given.has("tier"));
    }

    private static ModelDescription changed(ModelDescription present, JsonBody given) {
        return new ModelDescription(
                Objects.requireNonNullElse(given.text("provider"), present.provider()),
                Objects.requireNonNullElse(given.text("mode"), present.mode()),
                given.has("context_window") ? given.whole("context_window") : present.contextWindow(),
                given.has("max_output_tokens") ? given.whole("max_output_tokens") : present.maxOutputTokens(),
                given.has("capabilities") ? capabilities(given.object("capabilities")) : present.capabilities(),
                given.has("deprecated_on") ? given.date("deprecated_on") : present.deprecatedOn(),
                Objects.requireNonNullElse(given.flag("enabled"), present.enabled()),
                given.has("tier") ? quality(given) : present.tier(),
                given.has("tier") || present.rated());
    }

    /** How good the body says that the model is; null for no answer, and for the answer that nobody can tell. */
    private static com.smashcost.catalog.entity.@Nullable Tier quality(JsonBody given) {
        String name = given.text("tier");
        if (name == null) {
            return null;
        }
        return Stream.of(com.smashcost.catalog.entity.Tier.values())
                .filter(tier -> tier.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Expect.refuse("tier", "must be one of small, medium, large, frontier, or null"));
    }

    private static Map<String, Boolean> capabilities(JsonObject object) {
        Map<String, Boolean> capabilities = new TreeMap<>();
        object.forEach((name, value) -> {
            if (!value.equals(JsonValue.TRUE) && !value.equals(JsonValue.FALSE)) {
                throw Expect.refuse("capabilities", "must be an object of true and false");
            }
            capabilities.put(name, value.equals(JsonValue.TRUE));
        });
        return capabilities;
    }

    /** The tiers of the body; prices beside them are those of the standard tier. */
    static List<PriceTier> tiers(JsonBody given) {
        List<PriceTier> tiers = new ArrayList<>();
        if (BUCKETS.stream().anyMatch(given::has)) {
            tiers.add(new PriceTier(PriceTier.STANDARD, 0, prices(given)));
        }
        given.each(
                "tiers",
                TIER,
                tier -> tiers.add(new PriceTier(
                        Objects.requireNonNullElse(tier.text("service_tier"), PriceTier.STANDARD),
                        Objects.requireNonNullElse(tier.whole("prompt_tokens_above"), 0L),
                        prices(tier))));
        return tiers;
    }

    private static UnitPrices prices(JsonBody given) {
        return new UnitPrices(
                given.decimal("input"),
                given.decimal("cached_input"),
                given.decimal("cache_write_5m"),
                given.decimal("cache_write_1h"),
                given.decimal("output"),
                given.decimal("reasoning_output"),
                given.decimal("audio_input"),
                given.decimal("audio_output"),
                given.decimal("web_search"));
    }

    private static Set<String> with(Set<String> members, String... more) {
        Set<String> all = new HashSet<>(members);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }
}
