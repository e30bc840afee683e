package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Weighing.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares all models for one request. First what each is able to do, then how much of the requested model's quality it keeps,
 * then what it costs; the lowest cost wins, and a tie stays with the requested model. Thread-safe.
 */
@ApplicationScoped
public class Scales {

    /** An estimate of tokens may be so much too low. */
    private static final double CONTEXT_MARGIN = 1.15;

    private final Function<Asked, Classification> classifier;

    @Inject
    private Cells cells;

    @Inject
    private Projection projection;

    @Inject
    private Availability availability;

    public Scales() {
        this(Classifier.shipped()::classify);
    }

    /** Scales that take requests for something else than the shipped classifier does. */
    Scales(Function<Asked, Classification> classifier) {
        this.classifier = classifier;
    }

    /**
     * Compares the models.
     *
     * @param asked the model that the client named, or the one that stands for its free choice
     * @param current the model that served the session so far, whose prompt cache is warm; null at its beginning
     */
    Weighing weigh(Terms terms, Offer asked, @Nullable Offer current, Asked request) {
        Classification classification = classifier.apply(request);
        Weigher weigher = new Weigher(terms, asked, current, request, classification);
        return weigher.weighing();
    }

    /** One comparison under way. */
    private final class Weigher {

        private final Terms terms;
        private final Offer asked;
        private final @Nullable Offer current;
        private final Asked request;
        private final Classification classification;
        private final int needs;
        private final long promptTokens;
        private final LocalDate today;
        private final String home;
        private final Cells.Key askedCell;

        Weigher(Terms terms, Offer asked, @Nullable Offer current, Asked request, Classification classification) {
            this.terms = terms;
            this.asked = asked;
            this.current = current;
            this.request = request;
            this.classification = classification;
            this.needs = Needs.of(request);
            this.promptTokens = Projection.promptTokens(request);
            this.today = LocalDate.ofInstant(terms.at(), ZoneOffset.UTC);
            this.home = current == null ? asked.provider() : current.provider();
            this.askedCell = Cells.Key.of(terms.organizationId(), classification, asked);
        }

        Weighing weighing() {
            List<Candidate> candidates = new ArrayList<>();
            Offer chosen = asked;
            BigDecimal lowest = price(asked);
            for (Offer offer : terms.catalogue().answering()) {
                if (offer.model().equals(asked.model())) {
                    continue;
                }
                Verdict verdict = verdict(offer);
                BigDecimal price = null;
                if (verdict == Verdict.dearer) {
                    price = price(offer);
                    if (price == null || lowest == null) {
                        verdict = Verdict.unpriced;
                    } else if (price.compareTo(lowest) < 0) {
                        lowest = price;
                        chosen = offer;
                    }
                }
                candidates.add(new Candidate(offer, verdict, price));
            }
            candidates.addFirst(new Candidate(asked, Verdict.asked, price(asked)));
            return new Weighing(
                            classification,
                            terms.mode(),
                            needs,
                            promptTokens,
                            projection.outputTokens(
                                    terms.organizationId(), classification.task(), asked, request.maxOutputTokens()),
                            asked,
                            retained(),
                            candidates,
                            asked,
                            0)
                    .choosing(chosen);
        }

        /** What speaks against this model; {@link Verdict#dearer} if nothing does but perhaps its price. */
        private Verdict verdict(Offer offer) {
            Verdict able = able(offer);
            return able == Verdict.dearer ? good(offer) : able;
        }

        private Verdict able(Offer offer) {
            if (!offer.enabled()) {
                return Verdict.switched_off;
            }
            if (!terms.providers().contains(offer.provider())) {
                return Verdict.no_credential;
            }
            if (!terms.allows(offer.model())) {
                return Verdict.not_allowed;
            }
            if (offer.retiredOn() != null && !offer.retiredOn().isAfter(today)) {
                return Verdict.retired;
            }
            if (offer.tier() == null || asked.tier() == null) {
                return Verdict.unrated;
            }
            Verdict unmet = Needs.unmet(needs, offer, home);
            if (unmet != Verdict.chosen) {
                return unmet;
            }
            Long most = request.maxOutputTokens();
            long output = most == null ? 0 : most;
            if (offer.contextWindow() == null || promptTokens * CONTEXT_MARGIN + output > offer.contextWindow()) {
                return Verdict.context_too_small;
            }
            if (offer.maxOutputTokens() != null && output > offer.maxOutputTokens()) {
                return Verdict.output_too_small;
            }
            return availability.of(terms.organizationId(), offer).orElse(Verdict.dearer);
        }

        private Verdict good(Offer offer) {
            Tier from = tier(asked);
            Tier to = tier(offer);
            if (!classification.familiar()) {
                return Verdict.unfamiliar;
            }
            Cells.Key cell = Cells.Key.of(terms.organizationId(), classification, offer);
            double retained = cells.retained(cell, askedCell, classification.retained(from, to));
            if (retained < terms.mode().target()) {
                return Verdict.not_good_enough;
            }
            int steps = from.ordinal() - to.ordinal();
            int unprovenSteps = terms.mode() == RoutingMode.quality ? 0 : terms.mode() == RoutingMode.balanced ? 1 : 3;
            return steps > unprovenSteps && !cells.isProven(cell) ? Verdict.unproven : Verdict.dearer;
        }

        /** By tier of what replaces the requested model; empty if nothing can. */
        private double[] retained() {
            Tier from = asked.tier();
            return from == null ? new double[0] : classification.retained()[from.ordinal()];
        }

        private static Tier tier(Offer offer) {
            if (offer.tier() == null) {
                throw new IllegalStateException("an unrated model was to be compared");
            }
            return offer.tier();
        }

        private @Nullable BigDecimal price(Offer offer) {
            long cached = current != null && current.model().equals(offer.model()) ? promptTokens : 0;
            return projection
                    .expected(
                            terms.organizationId(),
                            classification.task(),
                            offer,
                            promptTokens,
                            cached,
                            request.maxOutputTokens(),
                            terms.at())
                    .orElse(null);
        }
    }
}
