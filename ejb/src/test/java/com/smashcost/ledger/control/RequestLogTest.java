package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.ledger.entity.RequestId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RequestLogTest {

    @Test
    void asks_for_no_more_than_the_query_says() {
        assertThat(RequestLog.sql(new RequestLog.Query(1, 50, null, null, null)))
                .isEqualTo("SELECT * FROM request_log WHERE organization_id = ? ORDER BY request_id DESC LIMIT ?");
    }

    @Test
    void bounds_a_page_by_id_and_a_range_by_id_and_time() {
        Instant from = Instant.parse("2026-11-21T00:00:00Z");
        assertThat(RequestLog.sql(new RequestLog.Query(1, 50, RequestId.mint(), from, from.plusSeconds(60))))
                .isEqualTo("SELECT * FROM request_log WHERE organization_id = ? AND request_id < ?"
                        + " AND request_id >= ? AND started_at >= ? AND request_id < ? AND started_at < ?"
                        + " ORDER BY request_id DESC LIMIT ?");
    }
}
