package com.smashcost.routing.control;

import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.money.entity.UnitPrices;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Models, terms and requests for tests of the router. Whatever a test does not say suits every request. */
final class Given {

    /** When requests begin. */
    static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    static final LocalDate TODAY = LocalDate.parse("2026-06-15");
    static final long ORGANIZATION = 7;
    static final Set<String> PROVIDERS = Set.of("openai", "anthropic", "google");

    private static final List<String> CAPABILITIES = List.of(
            "function_calling", "vision", "audio_input", "pdf_input", "response_schema", "reasoning", "prompt_caching");

    private Given() {}

    /** A model that can do everything, to be made less. */
    static Draft model(String name) {
        return new Draft(name);
    }

    static final class Draft {
        private final String name;
        private final Map<String, Boolean> capabilities = new HashMap<>();
        private final List<Price> prices = new ArrayList<>();
        private String provider = "openai";
        private String mode = "chat";
        private boolean enabled = true;
        private @Nullable Long contextWindow = 128_000L;
        private @Nullable Long maxOutputTokens = 16_000L;
        private @Nullable Tier tier = Tier.medium;
        private @Nullable LocalDate retiredOn;

        private Draft(String name) {
            this.name = name;
            CAPABILITIES.forEach(capability -> capabilities.put(capability, true));
        }

        Draft at(String other) {
            provider = other;
            return this;
        }

        Draft mode(String other) {
            mode = other;
            return this;
        }

        Draft off() {
            enabled = false;
            return this;
        }

        Draft contextWindow(@Nullable Long tokens) {
            contextWindow = tokens;
            return this;
        }

        Draft maxOutputTokens(@Nullable Long tokens) {
            maxOutputTokens = tokens;
            return this;
        }

        Draft tier(@Nullable Tier other) {
            tier = other;
            return this;
        }

        Draft retiredOn(@Nullable LocalDate day) {
            retiredOn = day;
            return this;
        }

        Draft cannot(String capability) {
            capabilities.put(capability, false);
            return this;
        }

        Draft thinksUnasked() {
            capabilities.put("thinks_unasked", true);
            return this;
        }

        Draft unknownWhether(String capability) {
            capabilities.remove(capability);
            return this;
        }

        /** Millionths of a US dollar for each token in and out, always. */
        Draft costs(double micros) {
            return costsFrom(Instant.EPOCH, micros);
        }

        /** A price version; one that is cached costs a tenth. */
        Draft costsFrom(Instant from, double micros) {
            BigDecimal price = new BigDecimal(Double.toString(micros)).movePointLeft(6);
            prices.add(new Price(
                    prices.size() + 1L,
                    from,
                    List.of(new PriceTier(
                            PriceTier.STANDARD,
                            0,
                            new UnitPrices(price, price.movePointLeft(1), null, null, price, null, null, null)))));
            return this;
        }

        Offer offer() {
            return new Offer(
                    name.hashCode(),
                    name,
                    provider,
                    mode,
                    enabled,
                    contextWindow,
                    maxOutputTokens,
                    capabilities,
                    tier,
                    retiredOn,
                    prices);
        }
    }

    static Terms terms(RoutingMode mode, Offer... offers) {
        return terms(SubscriptionStatus.ACTIVE, mode, null, offers);
    }

    static Terms terms(SubscriptionStatus status, RoutingMode mode, @Nullable String defaultModel, Offer... offers) {
        return new Terms(
                ORGANIZATION,
                status,
                mode,
                defaultModel,
                new Catalogue(List.of(offers)),
                PROVIDERS,
                List.of(),
                List.of(),
                NOW);
    }

    static Terms lists(Terms terms, List<String> allowed, List<String> denied) {
        return new Terms(
                terms.organizationId(),
                terms.status(),
                terms.mode(),
                terms.defaultModel(),
                terms.catalogue(),
                terms.providers(),
                allowed,
                denied,
                terms.at());
    }

    static Terms of(Terms terms, long organizationId) {
        return new Terms(
                organizationId,
                terms.status(),
                terms.mode(),
                terms.defaultModel(),
                terms.catalogue(),
                terms.providers(),
                terms.allowedModels(),
                terms.deniedModels(),
                terms.at());
    }

    static Terms with(Terms terms, Set<String> providers, Instant at) {
        return new Terms(
                terms.organizationId(),
                terms.status(),
                terms.mode(),
                terms.defaultModel(),
                terms.catalogue(),
                providers,
                terms.allowedModels(),
                terms.deniedModels(),
                at);
    }

    /** A familiar request of which every lower tier keeps this share. */
    static Classification keeping(double share) {
        return classified(share, true);
    }

    /** A request unlike any that was learnt from. */
    static Classification unfamiliar() {
        return classified(1, false);
    }

    private static Classification classified(double share, boolean familiar) {
        double[][] retained = new double[4][4];
        for (int from = 0; from < 4; from++) {
            Arrays.fill(retained[from], 0, from, share);
            Arrays.fill(retained[from], from, 4, 1);
        }
        return new Classification(Task.open_qa, 0.3, new double[] {0.6, 0.7, 0.8, 0.9}, retained, familiar, "test");
    }

    /** A plain question of 1,000 characters, to be made more. */
    static Ask ask() {
        return new Ask();
    }

    static final class Ask {
        private long characters = 1_000;
        private int tools;
        private boolean schema;
        private boolean images;
        private boolean audio;
        private boolean documents;
        private boolean hostedTools;
        private boolean inToolLoop;
        private boolean vendorThoughts;
        private boolean effort;
        private @Nullable Long maxOutputTokens;

        Ask characters(long count) {
            characters = count;
            return this;
        }

        Ask tools() {
            tools = 1;
            return this;
        }

        Ask schema() {
            schema = true;
            return this;
        }

        Ask images() {
            images = true;
            return this;
        }

        Ask audio() {
            audio = true;
            return this;
        }

        Ask documents() {
            documents = true;
            return this;
        }

        Ask hostedTools() {
            hostedTools = true;
            return this;
        }

        Ask inToolLoop() {
            inToolLoop = true;
            return this;
        }

        Ask vendorThoughts() {
            vendorThoughts = true;
            return this;
        }

        Ask effort() {
            effort = true;
            return this;
        }

        Ask atMost(long tokens) {
            maxOutputTokens = tokens;
            return this;
        }

        Asked asked() {
            return new Asked(
                    "What is it?",
                    "",
                    characters,
                    0,
                    characters,
                    1,
                    tools,
                    schema,
                    images,
                    audio,
                    documents,
                    hostedTools,
                    inToolLoop,
                    vendorThoughts,
                    effort,
                    maxOutputTokens,
                    false);
        }

        /** The request in the conversation that began with this. */
        Conversation began(String first) {
            return new Conversation(asked(), new Conversation.Opening(0, 0, first.length(), first.hashCode()));
        }
    }
}
