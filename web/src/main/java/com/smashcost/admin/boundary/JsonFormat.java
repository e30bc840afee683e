package com.smashcost.admin.boundary;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.config.PropertyNamingStrategy;
import jakarta.json.bind.serializer.JsonbSerializer;
import jakarta.json.bind.serializer.SerializationContext;
import jakarta.json.stream.JsonGenerator;
import jakarta.ws.rs.ext.ContextResolver;
import java.math.BigDecimal;

/** How the admin API writes JSON: names in snake_case, decimals as strings, and null where something is unknown. */
public class JsonFormat implements ContextResolver<Jsonb> {

    private final Jsonb json = JsonbBuilder.create(new JsonbConfig()
            .withPropertyNamingStrategy(PropertyNamingStrategy.LOWER_CASE_WITH_UNDERSCORES)
            .withNullValues(true)
            .withSerializers(new PlainDecimal()));

    @Override
    public Jsonb getContext(Class<?> type) {
        return json;
    }

    /** Writes a decimal as people do: without an exponent, and without zeros that say nothing. */
    public static final class PlainDecimal implements JsonbSerializer<BigDecimal> {

        @Override
        public void serialize(BigDecimal decimal, JsonGenerator generator, SerializationContext context) {
            generator.write(
                    decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString());
        }
    }
}
