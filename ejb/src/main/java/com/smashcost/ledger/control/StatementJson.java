package com.smashcost.ledger.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.smashcost.ledger.control.Statement.Pair;
import com.smashcost.ledger.control.Statement.PriceVersion;
import com.smashcost.ledger.control.Statement.Sum;
import com.smashcost.ledger.entity.ChainRecord;
import com.smashcost.secret.control.InstallationKey;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Writes a statement as the signed file. Its last member is the signature, over the SHA-256 of every byte before it: no byte of the
 * file can be changed. The same rows and chain give the same file.
 */
final class StatementJson {

    /** What is written of a row: what the chain has hashed, and what is computed from it. */
    static final List<String> FIELDS = LedgerLine.FIELDS.subList(0, LedgerLine.FIELDS.indexOf("reason") + 1);

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    /** What the file is known by: the SHA-256 of its bytes before the signature, and that signature. */
    record Seal(String sha256, String signature) {}

    private StatementJson() {}

    static Seal write(Statement statement, Statement.Rows rows, InstallationKey key, OutputStream out)
            throws IOException {
        MessageDigest sha = ChainRecord.sha256();
        // the digest ends before the signature
        DigestOutputStream digested = new DigestOutputStream(out, sha);
        try (JsonGenerator json = JSON.createGenerator(digested)) {
            json.writeStartObject();
            head(json, statement);
            sums(json, statement);
            prices(json, statement.priceVersions());
            chain(json, statement.chain());
            texts(json, "fields", FIELDS);
            rows(json, rows);
        }
        String sha256 = HexFormat.of().formatHex(sha.digest());
        String signature = key.sign(signedText(sha256));
        out.write((",\"signature\":\"" + signature + "\"}\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return new Seal(sha256, signature);
    }

    static byte[] signedText(String sha256) {
        return ("smashcost-statement-v1\t" + sha256 + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void head(JsonGenerator json, Statement statement) throws IOException {
        json.writeStringField("format", "smashcost-statement-v1");
        json.writeNumberField("organization_id", statement.organizationId());
        json.writeStringField("organization", statement.slug());
        json.writeStringField("organization_name", statement.name());
        json.writeStringField("month", statement.month().toString());
        json.writeStringField("time_zone", statement.zone().getId());
        json.writeStringField("from", statement.from().toString());
        json.writeStringField("to", statement.to().toString());
        json.writeBooleanField("complete", statement.complete());
        json.writeStringField("currency", "USD");
    }

    private static void sums(JsonGenerator json, Statement statement) throws IOException {
        json.writeObjectFieldStart("sums");
        for (String group : Statement.GROUPS) {
            json.writeRaw('\n');
            json.writeObjectFieldStart(group);
            sum(json, statement.sums().group(group));
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeArrayFieldStart("models");
        for (Map.Entry<Pair, Sum> pair : statement.sums().models().entrySet()) {
            json.writeRaw('\n');
            json.writeStartObject();
            json.writeStringField("model_requested", pair.getKey().requested());
            json.writeStringField("model_used", pair.getKey().used());
            sum(json, pair.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void sum(JsonGenerator json, Sum sum) throws IOException {
        json.writeNumberField("requests", sum.requests);
        decimal(json, "cost_usd", sum.cost);
        decimal(json, "baseline_usd", sum.baseline);
        decimal(json, "lost_cache_usd", sum.lostCache);
        decimal(json, "saving_usd", sum.saving);
    }

    private static void prices(JsonGenerator json, List<PriceVersion> versions) throws IOException {
        json.writeArrayFieldStart("price_versions");
        for (PriceVersion version : versions) {
            json.writeRaw('\n');
            json.writeStartObject();
            json.writeNumberField("id", version.id());
            json.writeStringField("model", version.model());
            json.writeStringField("valid_from", version.validFrom().toString());
            json.writeStringField("source", version.source());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void chain(JsonGenerator json, List<ChainRecord> chain) throws IOException {
        json.writeArrayFieldStart("chain");
        for (ChainRecord record : chain) {
            json.writeRaw('\n');
            json.writeStartObject();
            json.writeNumberField("sequence", record.sequence());
            json.writeStringField("day", record.day().toString());
            json.writeNumberField("supplement", record.supplement());
            json.writeNumberField("row_count", record.rowCount());
            json.writeStringField("recorded_before", ChainRecord.time(record.recordedBefore()));
            json.writeStringField("rows_sha256", record.rowsSha256());
            json.writeStringField("previous_head", record.previousHead());
            json.writeStringField("head", record.head());
            json.writeStringField("signature", record.signature());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void rows(JsonGenerator json, Statement.Rows rows) throws IOException {
        json.writeArrayFieldStart("rows");
        rows.each(line -> {
            try {
                json.writeRaw('\n');
                json.writeStartArray();
                for (String field : FIELDS) {
                    String text = line.text(field);
                    if (text.isEmpty()) {
                        json.writeNull();
                    } else {
                        json.writeString(text);
                    }
                }
                json.writeEndArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        json.writeRaw('\n');
        json.writeEndArray();
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void decimal(JsonGenerator json, String name, BigDecimal decimal) throws IOException {
        json.writeStringField(name, LedgerLine.plain(decimal));
    }
}
