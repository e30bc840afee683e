package com.smashcost.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a request costs by the shipped catalogue, worked out from the provider's own report without any code of the product.
 * Cached and heard tokens are part of the prompt, thought and spoken ones part of the completion; what has no price of its
 * own is billed as text of its direction.
 */
final class ListPrice {

    private static final JsonNode CATALOGUE = read();

    private ListPrice() {}

    /** US dollars; null where the catalogue does not know the model. */
    static @Nullable BigDecimal of(String model, JsonNode usage, String serviceTier) {
        JsonNode offer = StreamSupport.stream(CATALOGUE.spliterator(), false)
                .filter(each -> each.path("id").asText().equals(model))
                .findFirst()
                .orElse(null);
        if (offer == null) {
            return null;
        }
        JsonNode prices = null;
        for (JsonNode tier : offer.at("/prices/0/tiers")) {
            boolean standard = tier.path("service_tier").asText().equals("standard");
            boolean asked = tier.path("service_tier").asText().equals(serviceTier);
            if (tier.path("prompt_tokens_above").asLong() == 0 && (asked || (standard && prices == null))) {
                prices = tier;
            }
        }
        JsonNode tier = Objects.requireNonNull(prices);
        long cached = usage.at("/prompt_tokens_details/cached_tokens").asLong();
        long heard = usage.at("/prompt_tokens_details/audio_tokens").asLong();
        long thought = usage.at("/completion_tokens_details/reasoning_tokens").asLong();
        long spoken = usage.at("/completion_tokens_details/audio_tokens").asLong();
        return price(usage.path("prompt_tokens").asLong() - cached - heard, tier, "input", "input")
                .add(price(cached, tier, "cached_input", "input"))
                .add(price(heard, tier, "audio_input", "input"))
                .add(price(usage.path("completion_tokens").asLong() - thought - spoken, tier, "output", "output"))
                .add(price(thought, tier, "reasoning_output", "output"))
                .add(price(spoken, tier, "audio_output", "output"));
    }

    private static BigDecimal price(long tokens, JsonNode tier, String bucket, String otherwise) {
        String price = tier.path(tier.hasNonNull(bucket) ? bucket : otherwise).asText();
        return new BigDecimal(price).multiply(BigDecimal.valueOf(tokens));
    }

    private static JsonNode read() {
        try (InputStream file = ListPrice.class.getResourceAsStream("/catalogue/models.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
