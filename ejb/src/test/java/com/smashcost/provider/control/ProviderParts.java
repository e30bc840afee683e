package com.smashcost.provider.control;

import com.smashcost.Wired;
import com.smashcost.provider.control.Upstream.Patience;
import com.smashcost.secret.control.Environment;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The provider component's beans as a test needs them. */
public final class ProviderParts {

    private ProviderParts() {}

    /** An upstream that waits so long for the head of an answer and between its pieces. */
    public static Upstream upstream(Duration firstByte, Duration idle) {
        Upstream upstream = new Upstream(new Patience(Duration.ofSeconds(2), firstByte, idle, Duration.ofSeconds(20)));
        upstream.open();
        return upstream;
    }

    /** Ends it. */
    public static void close(Upstream upstream) {
        upstream.close();
    }

    /** The providers' table of an installation that calls all of them here. */
    public static Providers allAt(URI baseUrl) {
        Providers providers = Wired.with(
                new Providers(),
                Environment.of(Map.of(
                        "SMASHCOST_PROFILE", "development",
                        "SMASHCOST_OPENAI_BASE_URL", baseUrl.toString(),
                        "SMASHCOST_ANTHROPIC_BASE_URL", baseUrl.toString(),
                        "SMASHCOST_GROQ_BASE_URL", baseUrl.toString(),
                        "SMASHCOST_GOOGLE_BASE_URL", baseUrl.toString())));
        providers.read();
        return providers;
    }
}
