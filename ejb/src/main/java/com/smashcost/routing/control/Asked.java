package com.smashcost.routing.control;

import org.jspecify.annotations.Nullable;

/**
 * What the router looks at of a request: counts, switches and two bounded excerpts. It lives in memory for as long as the
 * decision takes; nothing of the excerpts is kept or printed.
 *
 * @param instruction the last thing the user said; of a long one its first and last {@link #EXCERPT} characters
 * @param system the beginning of the instructions that the application gave, at most {@link #SYSTEM_EXCERPT} characters
 * @param instructionCharacters of the last user message in full, as are the two counts that follow of theirs
 * @param systemCharacters of the instructions
 * @param characters of all text in the prompt, tools and schemas included
 * @param turns messages of users and assistants
 * @param tools that are offered
 * @param schema whether the answer must follow a JSON schema, or be JSON
 * @param hostedTools whether tools are asked for that the provider itself runs
 * @param inToolLoop whether the last message is the result of a tool call, which the model that made it should get
 * @param vendorThoughts whether an earlier answer brought thoughts that only their vendor can read
 * @param effort whether the client asks for thinking
 * @param maxOutputTokens the client's bound; null = none
 * @param sampling whether parameters are named that OpenAI's thinking models refuse: their body passes as it is
 */
public record Asked(
        String instruction,
        String system,
        long instructionCharacters,
        long systemCharacters,
        long characters,
        int turns,
        int tools,
        boolean schema,
        boolean images,
        boolean audio,
        boolean documents,
        boolean hostedTools,
        boolean inToolLoop,
        boolean vendorThoughts,
        boolean effort,
        @Nullable Long maxOutputTokens,
        boolean sampling) {

    /** How many characters of either end of the instruction are looked at. */
    public static final int EXCERPT = 1000;

    /** How many characters of the application's instructions are looked at. */
    public static final int SYSTEM_EXCERPT = 300;

    /** The same without parameters that some models refuse. */
    Asked withoutSampling() {
        return new Asked(
                instruction,
                system,
                instructionCharacters,
                systemCharacters,
                characters,
                turns,
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

    /** A single prompt without anything else. */
    public static Asked of(String prompt) {
        return new Asked(
                excerpt(prompt),
                "",
                prompt.length(),
                0,
                prompt.length(),
                1,
                0,
                false,
                false,
                false,
                false,
                false,
                false,
                false,
                false,
                null,
                false);
    }

    /** The beginning and the end of a text, all of it if it is short. */
    public static String excerpt(String text) {
        return text.length() <= 2 * EXCERPT
                ? text
                : text.substring(0, EXCERPT) + '\n' + text.substring(text.length() - EXCERPT);
    }

    @Override
    public String toString() {
        return "Asked[" + characters + " characters, " + turns + " turns]";
    }
}
