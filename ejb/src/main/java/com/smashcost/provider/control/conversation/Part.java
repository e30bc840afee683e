package com.smashcost.provider.control.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a turn or of an answer. None prints what it holds. */
public sealed interface Part {

    /** A mark that the prompt up to and including this part is to be cached; null for none. */
    default @Nullable CacheMark cache() {
        return null;
    }

    /** @param ttl {@code 5m} or {@code 1h} */
    record CacheMark(String ttl) {}

    /** Written text. */
    record Text(
            String text, List<Citation> citations, @Nullable CacheMark cache) implements Part {
        public Text {
            citations = List.copyOf(citations);
        }

        public Text(String text) {
            this(text, List.of(), null);
        }

        @Override
        public String toString() {
            return "Text";
        }
    }

    /**
     * Where a text has its content from.
     *
     * @param url of a web page; null for a document of the prompt
     * @param start first character of the citing text that is covered, in UTF-16 units; null where unknown, as {@code end}
     * @param source the provider's own words, which only its own dialect can repeat
     */
    record Citation(
            @Nullable String url,
            @Nullable String title,
            @Nullable String quoted,
            @Nullable Integer start,
            @Nullable Integer end,
            @Nullable Opaque source) {

        @Override
        public String toString() {
            return "Citation";
        }
    }

    /** @param detail {@code low}, {@code high}, {@code auto} or {@code original}; null if nothing was said */
    record Image(
            Source source,
            @Nullable String detail,
            @Nullable CacheMark cache) implements Part {
        @Override
        public String toString() {
            return "Image";
        }
    }

    /** A PDF or a text. */
    record Document(
            Source source, @Nullable String title, @Nullable CacheMark cache) implements Part {
        @Override
        public String toString() {
            return "Document";
        }
    }

    /**
     * A sound.
     *
     * @param format {@code wav}, {@code mp3} or another short name
     * @param data base64
     */
    record Audio(String format, String data) implements Part {
        @Override
        public String toString() {
            return "Audio";
        }
    }

    /** Where the bytes of an image or document are. */
    sealed interface Source {

        /** @param data base64 without any prefix */
        record Base64(String mediaType, String data) implements Source {
            @Override
            public String toString() {
                return "Base64";
            }
        }

        /** A URL that the provider is to fetch; the gateway itself fetches nothing. */
        record Url(String url) implements Source {
            @Override
            public String toString() {
                return "Url";
            }
        }

        /** Text that is at hand. */
        record Plain(String text) implements Source {
            @Override
            public String toString() {
                return "Plain";
            }
        }

        /** A file that was uploaded to the provider of this dialect before. */
        record Uploaded(Dialect dialect, String id) implements Source {}
    }

    /**
     * What the model thought.
     *
     * @param text the thoughts or their summary; empty where the provider shows none
     * @param seal what the provider wants back with the next turn; null if nothing
     */
    record Reasoning(String text, @Nullable Seal seal) implements Part {
        @Override
        public String toString() {
            return "Reasoning";
        }
    }

    /**
     * The model asks for a tool.
     *
     * @param id what the result refers to; free of any {@link Seal}
     * @param arguments the text of a JSON object, or what the model made of it; empty for none
     * @param seal what the provider wants back with this call; null if nothing
     */
    record ToolCall(
            String id,
            String name,
            String arguments,
            @Nullable Seal seal,
            @Nullable CacheMark cache) implements Part {
        @Override
        public String toString() {
            return "ToolCall";
        }
    }

    /**
     * What a tool answered.
     *
     * @param content texts, images and documents
     */
    record ToolResult(
            String callId,
            List<Part> content,
            boolean isError,
            @Nullable CacheMark cache) implements Part {
        public ToolResult {
            content = List.copyOf(content);
        }

        @Override
        public String toString() {
            return "ToolResult";
        }
    }

    /** The model's words for why it will not answer. */
    record Refusal(String text) implements Part {
        @Override
        public String toString() {
            return "Refusal";
        }
    }

    /** What only one dialect knows, such as the blocks of a provider's own tools, in that dialect's JSON. */
    record Opaque(Dialect dialect, JsonNode json, @Nullable CacheMark cache) implements Part {
        @Override
        public String toString() {
            return "Opaque[" + dialect + "]";
        }
    }
}
