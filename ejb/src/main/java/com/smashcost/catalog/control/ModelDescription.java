package com.smashcost.catalog.control;

import com.smashcost.catalog.entity.Model;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model besides its prices.
 *
 * @param mode one of {@link #MODES}
 * @param contextWindow tokens, as {@code maxOutputTokens}; null where unknown
 * @param deprecatedOn the day on which the provider retires it; null if none is known
 * @param enabled whether the model is offered
 * @param tier how good it is; null if nobody has said, or the answer was that the router leaves it alone
 * @param rated whether somebody has said
 */
public record ModelDescription(
        String provider,
        String mode,
        @Nullable Long contextWindow,
        @Nullable Long maxOutputTokens,
        Map<String, Boolean> capabilities,
        @Nullable LocalDate deprecatedOn,
        boolean enabled,
        @Nullable Tier tier,
        boolean rated) {

    /** What models are for. */
    public static final List<String> MODES = List.of("chat", "responses", "completion", "embedding", "moderation");

    private static final long MOST_TOKENS = 1_000_000_000L;
    private static final int MOST_CAPABILITIES = 64;
    private static final Pattern CAPABILITY = Pattern.compile("[a-z0-9_]{1,64}");

    /**
     * @throws Refusal if a field is out of its limits
     */
    public ModelDescription {
        if (!MODES.contains(mode)) {
            throw Expect.refuse("mode", "must be one of " + String.join(", ", MODES));
        }
        if (contextWindow != null) {
            Expect.within("context_window", contextWindow, 1, MOST_TOKENS);
        }
        if (maxOutputTokens != null) {
            Expect.within("max_output_tokens", maxOutputTokens, 1, MOST_TOKENS);
        }
        if (capabilities.size() > MOST_CAPABILITIES
                || !capabilities.keySet().stream().allMatch(CAPABILITY.asMatchPredicate())) {
            throw Expect.refuse(
                    "capabilities",
                    "must have at most " + MOST_CAPABILITIES
                            + " names of 1 to 64 lower-case letters, digits and underscores");
        }
        capabilities = Map.copyOf(capabilities);
    }

    /** What is stored of this model. */
    public static ModelDescription of(Model model) {
        return new ModelDescription(
                model.provider(),
                model.mode(),
                model.contextWindow(),
                model.maxOutputTokens(),
                capabilities(model.capabilities()),
                model.deprecatedOn(),
                model.enabled(),
                model.tier(),
                model.rated());
    }

    Model create(String name) {
        Model model = new Model(name, provider, mode, capabilitiesText());
        writeTo(model);
        return model;
    }

    void writeTo(Model model) {
        model.limitTo(contextWindow, maxOutputTokens);
        model.describe(capabilitiesText());
        model.retireOn(deprecatedOn);
        model.enable(enabled);
        if (rated) {
            model.rate(tier);
        }
    }

    private String capabilitiesText() {
        return text(capabilities);
    }

    /** The text that is stored of what a model can and cannot do. */
    static String text(Map<String, Boolean> capabilities) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        new TreeMap<>(capabilities).forEach(object::add);
        return object.build().toString();
    }

    /** What a model can and cannot do, from the text that is stored of it. */
    public static Map<String, Boolean> capabilities(String text) {
        Map<String, Boolean> capabilities = new TreeMap<>();
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            reader.readObject().forEach((name, value) -> capabilities.put(name, value.equals(JsonValue.TRUE)));
        }
        return capabilities;
    }
}
