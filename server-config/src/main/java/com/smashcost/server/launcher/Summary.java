package com.smashcost.server.launcher;

import java.net.URI;
import java.util.List;

/** The last lines of a start: where everything is and what to try first. */
final class Summary {

    static final String READY = "SmashCost is ready";

    private Summary() {}

    static List<String> development(Demo demo, Home home) {
        return """

                %s

                  gateway   %s
                  key       %s
                  portal    %s    %s  %s
                  admin     %s    secret and one-time-password key are in %s

                  curl %s/chat/completions \\
                    -H "Authorization: Bearer %s" \\
                    -H "Content-Type: application/json" \\
                    -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello"}]}'

                  Ctrl-C stops everything.
                """.formatted(
                READY,
                demo.gatewayUrl(),
                demo.key(),
                demo.portalUrl(),
                Demo.OWNER,
                demo.password(),
                demo.adminUrl(),
                home.demo(),
                demo.gatewayUrl(),
                demo.key()).lines().toList();
    }

    static List<String> production(Settings settings, URI admin) {
        String origin = settings.text(Settings.PUBLIC_URL).orElse("");
        String panel = settings.text(Settings.ADMIN_SECRET).isPresent()
                ? admin + "/admin"
                : "off (no " + Settings.ADMIN_SECRET + ")";
        return """

                %s

                  gateway   %s/v1
                  portal    %s/portal
                  admin     %s

                  Ctrl-C stops everything.
                """.formatted(READY, origin, origin, panel).lines().toList();
    }
}
