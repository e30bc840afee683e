package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares all models for one request. First what each is able to do, then how much of the requested model's quality it keeps,
 * then what it costs; the lowest cost wins, and a tie stays with the requested model. Thread-safe.
 */
@ApplicationScoped
public class Scales {

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

        Weigher(Terms terms, Offer asked, @Nullable Offer current, Asked request, Classification classification) {
            this.terms = terms;
            this.asked = asked;
            this.current = current;
            this.request = request;
            this.classification = classification;
            this.needs = Needs.of(request, asked);
            this.promptTokens = Projection.promptTokens(request);
            this.today = LocalDate.ofInstant(terms.at(), ZoneOffset.UTC);
        }

        Weighing weighing() {
            long outputTokens = projection.outputTokens(
                    terms.organizationId(), classification.task(), asked, needs, request.maxOutputTokens());
            Cheapest.Demand demand = new Cheapest.Demand(
                    terms.mode(),
                    needs,
                    current == null ? asked.provider() : current.provider(),
                    promptTokens,
                    outputTokens,
                    classification.familiar(),
                    this::kept,
                    offer -> cells.isProven(cell(offer)));
            Cheapest.Choice choice =
                    Cheapest.of(asked, terms.catalogue().answering(), demand, this::standing, this::price);
            return new Weighing(
                    classification,
                    terms.mode(),
                    needs,
                    promptTokens,
                    outputTokens,
                    asked,
                    retained(),
                    choice.candidates(),
                    choice.offer(),
                    0);
        }

        private Cells.Key cell(Offer offer) {
            return Cells.Key.of(terms.organizationId(), classification, offer);
        }

        private double kept(Offer offer) {
            Tier from = asked.tier();
            Tier to = offer.tier();
            return from == null || to == null
                    ? Double.NaN
                    : cells.retained(cell(offer), cell(asked), classification.retained(from, to));
        }

        /** What speaks against a model for this organisation now; {@link Verdict#chosen} if nothing does. */
        private Verdict standing(Offer offer) {
            if (!terms.providers().contains(offer.provider())) {
                return Verdict.no_credential;
            }
            if (!terms.allows(offer.model())) {
                return Verdict.not_allowed;
            }
            if (offer.retiredOn() != null && !offer.retiredOn().isAfter(today)) {
                return Verdict.retired;
            }
            Long most = request.maxOutputTokens();
            if (most != null && offer.maxOutputTokens() != null && most > offer.maxOutputTokens()) {
                return Verdict.output_too_small;
            }
            if (most != null && offer.contextWindow() != null && most > offer.contextWindow() - promptTokens) {
                return Verdict.context_too_small;
            }
            return availability.of(terms.organizationId(), offer).orElse(Verdict.chosen);
        }

        /** By tier of what replaces the requested model; empty if nothing can. */
        private double[] retained() {
            Tier from = asked.tier();
            return from == null ? new double[0] : classification.retained()[from.ordinal()];
        }

        private Optional<BigDecimal> price(Offer offer) {
            long cached = current != null && current.model().equals(offer.model()) ? promptTokens : 0;
            return projection.expected(
                    terms.organizationId(),
                    classification.task(),
                    asked,
                    offer,
                    needs,
                    promptTokens,
                    cached,
                    request.maxOutputTokens(),
                    terms.at());
        }
    }
}
