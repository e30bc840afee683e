package com.smashcost.provider.control.conversation;

import com.smashcost.provider.entity.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a provider reports of its own work.
 *
 * @param serviceTier the tier it served at, in the catalogue's words ({@code standard flex priority batch fast us fast_us}); null
 *     if it said nothing
 * @param model the model that served; null if it said nothing
 */
public record Report(
        Usage usage, @Nullable String serviceTier, @Nullable String model) {

    /** Nothing was reported. */
    public static final Report NONE = new Report(Usage.UNKNOWN, null, null);
}
