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

    /** An answer without thoughts before it, which would use up the limit on output. */
    public static final int NO_THOUGHTS = 1 << 8;

    /** Tokens of output below which a model that thinks unasked may have nothing left to say. */
    private static final long ROOM_FOR_THOUGHTS = 4_000;

    private static final List<String> WORDS = List.of(
            "tools", "vision", "audio", "documents", "schema", "reasoning", "same_provider", "sampling", "no_thoughts");

    private Needs() {}

    /** What this request for a model needs. */
    public static int of(Asked asked, Offer requested) {
        return (asked.tools() > 0 ? TOOLS : 0)
                | (asked.images() ? VISION : 0)
                | (asked.audio() ? AUDIO : 0)
                | (asked.documents() ? DOCUMENTS : 0)
                | (asked.schema() ? SCHEMA : 0)
                | (asked.effort() ? REASONING : 0)
                | (asked.hostedTools() || asked.vendorThoughts() || asked.inToolLoop() ? SAME_PROVIDER : 0)
                | (asked.sampling() ? SAMPLING : 0)
                | (isShort(asked) && !asked.effort() && !requested.thinksUnasked() ? NO_THOUGHTS : 0);
    }

    private static boolean isShort(Asked asked) {
        return asked.maxOutputTokens() != null && asked.maxOutputTokens() < ROOM_FOR_THOUGHTS;
    }

    /** Whether a request with these needs has a model think, be it by its own nature. */
    public static boolean thinks(int needs, Offer offer) {
        return offer.thinksUnasked() || (has(needs, REASONING) && offer.can("reasoning"));
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
        if (has(needs, NO_THOUGHTS) && offer.thinksUnasked()) {
            return Verdict.thinks_too_long;
        }
        if (has(needs, TOOLS) && !offer.can("function_calling")) {
            return Verdict.no_tools;
        }
        if (has(needs, VISION) && !offer.can("vision")) {
            return Verdict.no_vision;
        }
        if (has(needs, AUDIO) && !offer.can("audio_input")) {
            return Verdict.no_audio;
        }
        if (has(needs, DOCUMENTS) && !offer.can("pdf_input")) {
            return Verdict.no_documents;
        }
        if (has(needs, SCHEMA) && !offer.can("response_schema")) {
            return Verdict.no_schema;
        }
        return has(needs, REASONING) && !offer.can("reasoning") ? Verdict.no_reasoning : Verdict.chosen;
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
}
