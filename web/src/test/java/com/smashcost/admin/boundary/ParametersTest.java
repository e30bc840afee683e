package com.smashcost.admin.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.ledger.entity.RequestId;
import com.smashcost.refusal.control.Refusal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {

    @Test
    void have_usual_values() {
        assertThat(Parameters.limit(null)).isEqualTo(50);
        assertThat(Parameters.instant("from", null)).isNull();
        assertThat(Parameters.requestId("after", null)).isNull();
        assertThat(Parameters.number("after", null)).isNull();
    }

    @Test
    void are_read() {
        RequestId id = RequestId.mint();

        assertThat(Parameters.limit("1")).isEqualTo(1);
        assertThat(Parameters.limit("500")).isEqualTo(500);
        assertThat(Parameters.instant("from", "2026-11-21T00:00:00+01:00"))
                .isEqualTo(Instant.parse("2026-11-20T23:00:00Z"));
        assertThat(Parameters.requestId("after", id.toString())).isEqualTo(id);
        assertThat(Parameters.number("after", "42")).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "501", "-1", "ten", "1.5", "99999999999999999999"})
    void refuse_a_page_of_no_size(String limit) {
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> Parameters.limit(limit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-11-21", "2026-11-21T00:00:00", "1763676000", "2026-13-01T00:00:00Z"})
    void refuse_an_instant_that_is_none(String text) {
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> Parameters.instant("from", text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "019aa8f5-5400-4000-8000-000000000001", "1-1-7-1-1", "019aa8f5540070008000000000000001"
            })
    void refuse_a_request_id_that_is_none(String text) {
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> Parameters.requestId("after", text));
    }
}
