package com.smashcost.gateway.boundary;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/** The resources under {@code /v1}; bodies go through as they are, nothing is buffered or bound. */
@ApplicationPath("/v1")
public class GatewayApplication extends Application {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(AnswersResource.class, ModelsResource.class, DecisionsResource.class, GatewayErrors.class);
    }

    @Override
    public Map<String, Object> getProperties() {
        // Jersey would hold a stream back to its end
        return Map.of(
                "jersey.config.server.contentLength.buffer", 0,
                "jersey.config.server.wadl.disableWadl", true,
                "jersey.config.server.resource.validation.disable", true);
    }
}
