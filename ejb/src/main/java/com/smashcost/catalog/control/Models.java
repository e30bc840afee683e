package com.smashcost.catalog.control;

import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.catalog.entity.Model;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.PriceVersion;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The models of the catalogue, and the history of their prices, to which versions are added and from which none is taken. */
@Stateless
public class Models {

    private static final int MOST_TIERS = 32;
    private static final int LONGEST_SOURCE = 255;
    private static final int DECIMALS = 12;
    private static final long MOST_TOKENS = 1_000_000_000L;
    private static final Pattern SERVICE_TIER = Pattern.compile("[a-z0-9_]{1,16}");

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    @Inject
    private Audit audit;

    @Inject
    private BusinessClock clock;

    /**
     * A model after it was put.
     *
     * @param created whether it is new
     */
    public record Stored(Model model, boolean created) {}

    /** The model of this name, enabled or not. */
    public Optional<Model> find(String name) {
        return database.createNamedQuery("Model.byName", Model.class)
                .setParameter("name", name)
                .getResultStream()
                .findFirst();
    }

    /**
     * The model of this name, enabled or not.
     *
     * @throws Refusal if there is none
     */
    public Model require(String name) {
        return find(name).orElseThrow(Models::unknown);
    }

    /** Whether a model of this name is offered. */
    public boolean isOffered(String name) {
        return find(name).filter(Model::enabled).isPresent();
    }

    /** The model's price versions, newest first. */
    public List<PriceVersion> prices(Model model) {
        return database.createNamedQuery("PriceVersion.ofModel", PriceVersion.class)
                .setParameter("model", model.id())
                .getResultList();
    }

    /**
     * Adds the model of this name, or changes it from what it is when the change is made.
     *
     * @param change makes the new description of the stored one, or of nothing if the model is new
     * @throws Refusal if the name or the description is wrong, or the change would give the model to another provider or mode
     */
    public Stored put(String name, Function<Optional<ModelDescription>, ModelDescription> change, Actor actor) {
        checkName(name);
        Model known = held(name).orElse(null);
        Optional<ModelDescription> before = Optional.ofNullable(known).map(ModelDescription::of);
        ModelDescription after = change.apply(before);
        if (known == null) {
            Model model = after.create(name);
            database.persist(model);
            note(actor, "model.create", name, after.enabled() ? "enabled" : "disabled");
            return new Stored(model, true);
        }
        if (!after.provider().equals(known.provider()) || !after.mode().equals(known.mode())) {
            throw new Refusal.Conflict(
                    "model_is_of_another_kind", "Provider and mode of a model are what they were when it was added.");
        }
        if (!before.equals(Optional.of(after))) {
            after.writeTo(known);
            note(actor, "model.change", name, after.enabled() ? "enabled" : "disabled");
        }
        return new Stored(known, false);
    }

    /**
     * Adds a version to the model's prices.
     *
     * @param validFrom when it begins to apply; null = now
     * @param source who says so; null = the operator
     * @throws Refusal if the model is unknown, a price is out of its limits, or a version begins at that instant already
     */
    public PriceVersion addPrices(
            String name, @Nullable Instant validFrom, @Nullable String source, List<PriceTier> tiers, Actor actor) {
        Model model = held(name).orElseThrow(Models::unknown);
        check(tiers);
        Instant now = clock.now();
        Instant start = validFrom == null ? now : validFrom.truncatedTo(ChronoUnit.MICROS);
        if (prices(model).stream().anyMatch(version -> version.validFrom().equals(start))) {
            throw new Refusal.Conflict(
                    "price_version_exists", "A price version of this model begins at that instant already.");
        }
        PriceVersion version = new PriceVersion(
                model.id(),
                start,
                source == null ? "operator" : Expect.text("source", source, LONGEST_SOURCE),
                tiers,
                now);
        database.persist(version);
        note(actor, "price.add", name, "valid from " + start);
        return version;
    }

    /** Refuses tiers that cannot be billed by. */
    static void check(List<PriceTier> tiers) {
        Expect.within("tiers", tiers.size(), 1, MOST_TIERS);
        Set<String> seen = new HashSet<>();
        boolean standard = false;
        for (PriceTier tier : tiers) {
            if (!SERVICE_TIER.matcher(tier.serviceTier()).matches()) {
                throw Expect.refuse("service_tier", "must have 1 to 16 lower-case letters, digits and underscores");
            }
            Expect.within("prompt_tokens_above", tier.promptTokensAbove(), 0, MOST_TOKENS);
            if (!seen.add(tier.serviceTier() + ' ' + tier.promptTokensAbove())) {
                throw Expect.refuse("tiers", "must not price the same service tier and prompt size twice");
            }
            UnitPrices prices = tier.prices();
            check("input", prices.input());
            check("cached_input", prices.cachedInput());
            check("cache_write_5m", prices.cacheWrite5m());
            check("cache_write_1h", prices.cacheWrite1h());
            check("output", prices.output());
            check("reasoning_output", prices.reasoningOutput());
            check("audio_input", prices.audioInput());
            check("audio_output", prices.audioOutput());
            check("web_search", prices.webSearch());
            standard |= tier.serviceTier().equals(PriceTier.STANDARD)
                    && tier.promptTokensAbove() == 0
                    && prices.input() != null;
        }
        if (!standard) {
            throw Expect.refuse("tiers", "must price the input of the standard tier for prompts of any size");
        }
    }

    private static void check(String bucket, @Nullable BigDecimal price) {
        if (price != null) {
            Expect.below(bucket, price, BigDecimal.ONE, DECIMALS);
        }
    }

    private static void checkName(String name) {
        if (!Model.NAME.matcher(name).matches()) {
            throw Expect.refuse("id", "must have 1 to 128 letters, digits and characters of ._:/@+-");
        }
    }

    private static Refusal unknown() {
        return new Refusal.NotFound("model_not_found", "There is no such model.");
    }

    private Optional<Model> held(String name) {
        return database.createNamedQuery("Model.byName", Model.class)
                .setParameter("name", name)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst();
    }

    private void note(Actor actor, String action, String name, String reason) {
        audit.append(new AuditRecord(null, clock.now(), actor, action, name, AuditRecord.Outcome.done, reason));
    }
}
