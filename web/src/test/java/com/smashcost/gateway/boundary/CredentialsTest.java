package com.smashcost.gateway.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("G16")
class CredentialsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Authorization|Bearer sc_key|sc_key",
                "Authorization|bearer sc_key|sc_key",
                "authorization|BEARER   sc_key `|sc_key",
                "x-api-key|sc_key|sc_key",
                "X-API-Key|sc_key|sc_key",
                "Authorization|Bearer|",
                "Authorization|Basic c2NfOmtleQ==|",
                "Authorization|sc_key|",
                "Authorization|Bearersc_key|",
                "Cookie|sc_key|",
                "Proxy-Authorization|Bearer sc_key|"
            })
    void are_found_in_the_headers_in_which_clients_send_them(String header, String value, @Nullable String key) {
        assertThat(Credentials.of(StubRequest.with(header, value.replace("`", ""))))
                .isEqualTo(key);
    }

    @Test
    void are_absent_where_there_is_no_header() {
        assertThat(Credentials.of(StubRequest.with())).isNull();
    }

    @Test
    void are_those_of_the_bearer_where_both_are_sent_and_the_other_where_it_bears_nothing() {
        assertThat(Credentials.of(StubRequest.with("Authorization", "Bearer one", "x-api-key", "two")))
                .isEqualTo("one");
        assertThat(Credentials.of(StubRequest.with("Authorization", "Basic abc", "x-api-key", "two")))
                .isEqualTo("two");
    }
}
