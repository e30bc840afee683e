package com.smashcost.provider.control;

import com.smashcost.secret.control.Environment;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The frozen table of providers: requests and credentials go to these places and to no other. */
@ApplicationScoped
public class Providers {

    @Inject
    private Environment environment;

    private final Map<String, Provider> table = new LinkedHashMap<>();

    @PostConstruct
    void read() {
        add(
                "openai",
                "SMASHCOST_OPENAI_BASE_URL",
                "https://api.openai.com/v1",
                Dialect.OPENAI_CHAT,
                Dialect.OPENAI_RESPONSES);
        add("anthropic", "SMASHCOST_ANTHROPIC_BASE_URL", "https://api.anthropic.com", Dialect.ANTHROPIC_MESSAGES);
        add("groq", "SMASHCOST_GROQ_BASE_URL", "https://api.groq.com/openai/v1", Dialect.OPENAI_CHAT);
        add("google", "SMASHCOST_GOOGLE_BASE_URL", "https://generativelanguage.googleapis.com", Dialect.GEMINI);
    }

    /** The provider of this id. */
    public Optional<Provider> find(String id) {
        return Optional.ofNullable(table.get(id));
    }

    /** All providers. */
    public Collection<Provider> all() {
        return table.values();
    }

    private void add(String id, String setting, String otherwise, Dialect... dialects) {
        table.put(id, new Provider(id, environment.url(setting, URI.create(otherwise)), List.of(dialects)));
    }
}
