package com.smashcost.ledger.control;

import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.metering.control.Charge;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.control.Verdict;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The receipts of routing decisions, put together from the numbers that were kept and the prices that were in force. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Receipts {

    private static final int TIMEOUT_SECONDS = 5;

    private static final Comparator<Receipt.Candidate> CHOSEN_FIRST_THEN_BY_COST = Comparator.comparing(
                    (Receipt.Candidate candidate) -> candidate.verdict() != Verdict.chosen)
            .thenComparing(Receipt.Candidate::projected, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Receipt.Candidate::model);

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource database;

    /** The receipt of a request; empty if the organisation has made none under this id, or its row is not written yet. */
    public Optional<Receipt> find(long organizationId, RequestId id, Catalogue catalogue) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT * FROM request_log WHERE organization_id = ? AND request_id = ?")) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setLong(1, organizationId);
            select.setBytes(2, id.bytes());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(of(
                                RequestLog.read(row),
                                row.getBigDecimal("lost_cache_usd"),
                                ReceiptRows.find(connection, organizationId, id),
                                catalogue))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    /** The receipt in what was kept of a request. */
    static Receipt of(LoggedRequest request, BigDecimal lostCache, @Nullable Weighed weighed, Catalogue catalogue) {
        String baseline = baseline(catalogue, request.modelRequested(), request.baselinePriceVersionId())
                .map(Offer::model)
                .orElse(null);
        if (weighed == null) {
            return new Receipt(request, baseline, lostCache, null, List.of());
        }
        Map<Long, Offer> offers = catalogue.offers().stream().collect(Collectors.toMap(Offer::id, Function.identity()));
        return new Receipt(
                request,
                baseline,
                lostCache,
                weighed,
                weighed.candidates().stream()
                        .flatMap(candidate -> Stream.ofNullable(offers.get(candidate.modelId()))
                                .map(offer -> candidate(offer, candidate.verdict(), weighed, request.startedAt())))
                        .sorted(CHOSEN_FIRST_THEN_BY_COST)
                        .toList());
    }

    /** The model that a saving is measured against: what was asked for or, where the choice was left open, what was priced. */
    static Optional<Offer> baseline(Catalogue catalogue, String requested, @Nullable Long priceVersionId) {
        return catalogue
                .find(requested)
                .or(() -> Optional.ofNullable(priceVersionId).flatMap(catalogue::priced));
    }

    private static Receipt.Candidate candidate(Offer offer, int verdict, Weighed weighed, Instant at) {
        Price price = offer.priceAt(at).orElse(null);
        UnitPrices prices =
                price == null ? UnitPrices.UNKNOWN : price.unitPrices(PriceTier.STANDARD, weighed.promptTokens());
        BigDecimal projected = Charge.of(estimated(weighed), prices).orElse(null);
        return new Receipt.Candidate(
                offer.model(),
                offer.provider(),
                offer.tier(),
                verdict < Verdict.values().length ? Verdict.values()[verdict] : null,
                prices.input(),
                prices.output(),
                price == null ? null : price.versionId(),
                projected);
    }

    private static Usage estimated(Weighed weighed) {
        return new Usage(weighed.promptTokens(), null, null, null, weighed.outputTokens(), null, null, null);
    }
}
