package com.smashcost.gateway.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientConnectionTest {

    @Test
    void watches_nothing_in_a_container_that_it_does_not_know() {
        AtomicInteger hangUps = new AtomicInteger();
        try (ClientConnection connection = ClientConnection.watch(StubRequest.with(), hangUps::incrementAndGet)) {
            assertThat(connection.isWatching()).isFalse();
            assertThat(connection.isHungUp()).isFalse();
        }
        assertThat(hangUps).hasValue(0);
    }
}
