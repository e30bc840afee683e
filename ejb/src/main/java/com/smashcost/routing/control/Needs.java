package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import java.util.List;
import java.util.stream.IntStream;

/** What a request needs a model to be able to do, as bits that are stored and never renumbered. */
public final class Needs {

    public static final int TOOLS = 1;
    public static final int VISION = 1 << 1;
    public static final int AUDIO = 1 << 2;
    public static final int DOCUMENTS = 1 << 3;
    public static final int SCHEMA = 1 << 4;
    public static final int REASONING = 1 << 5;
    /** The requested model's own provider. */
    public static final int SAME_PROVIDER = 1 << 6;

    /** Parameters that OpenAI's thinking models refuse. */
    public static final int SAMPLING = 1 << 7;

    private static final List<String> WORDS =
            List.of("tools", "vision", "audio", "documents", "schema", "reasoning", "same_provider", "sampling");

    private Needs() {}

    /** What this request needs. */
    public static int of(Asked asked) {
        return (asked.tools() > 0 ? TOOLS : 0)
                | (asked.images() ? VISION : 0)
                | (asked.audio() ? AUDIO : 0)
                | (asked.documents() ? DOCUMENTS : 0)
                | (asked.schema() ? SCHEMA : 0)
                | (asked.effort() ? REASONING : 0)
                | (asked.hostedTools() || asked.vendorThoughts() || asked.inToolLoop() ? SAME_PROVIDER : 0)
                | (asked.sampling() ? SAMPLING : 0);
    }

    /** The first of these needs that the model does not meet as far as is known; {@link Verdict#chosen} if it meets all. */
    public static Verdict unmet(int needs, Offer offer, String askedProvider) {
        if (has(needs, SAME_PROVIDER) && !offer.provider().equals(askedProvider)) {
            return Verdict.bound_to_provider;
        }
        if (has(needs, SAMPLING)
                && offer.provider().equals("openai")
                && !offer.capabilities().getOrDefault("sampling_params", true)) {
            return Verdict.untranslatable;
        }
        if (has(needs, TOOLS) && !can(offer, "function_calling")) {
            return Verdict.no_tools;
        }
        if (has(needs, VISION) && !can(offer, "vision")) {
            return Verdict.no_vision;
        }
        if (has(needs, AUDIO) && !can(offer, "audio_input")) {
            return Verdict.no_audio;
        }
        if (has(needs, DOCUMENTS) && !can(offer, "pdf_input")) {
            return Verdict.no_documents;
        }
        if (has(needs, SCHEMA) && !can(offer, "response_schema")) {
            return Verdict.no_schema;
        }
        return has(needs, REASONING) && !can(offer, "reasoning") ? Verdict.no_reasoning : Verdict.chosen;
    }

    /** These needs in words. */
    public static List<String> names(int needs) {
        return IntStream.range(0, WORDS.size())
                .filter(bit -> has(needs, 1 << bit))
                .mapToObj(WORDS::get)
                .toList();
    }

    private static boolean has(int needs, int need) {
        return (needs & need) != 0;
    }

    private static boolean can(Offer offer, String capability) {
        return offer.capabilities().getOrDefault(capability, false);
    }
}
