package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {

    @TempDir
    private Path directory;

    @Test
    void chooses_a_different_free_port_for_each_name() {
        Ports ports = new Ports(directory.resolve("ports"));
        int one = ports.choose("one");
        int two = ports.choose("two");
        assertThat(one).isNotEqualTo(two);
        assertThat(Ports.isFree(Ports.loopback(), one)).isTrue();
    }

    @Test
    void chooses_the_same_again_while_it_is_free() throws IOException {
        int first = new Ports(directory.resolve("ports")).choose("admin");
        assertThat(new Ports(directory.resolve("ports")).choose("admin")).isEqualTo(first);
        try (ServerSocket taken = new ServerSocket(first, 1, Ports.loopback())) {
            assertThat(taken.isBound()).isTrue();
            assertThat(new Ports(directory.resolve("ports")).choose("admin")).isNotEqualTo(first);
        }
    }

    @Test
    void refuses_a_taken_port_and_names_its_setting() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, Ports.loopback())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() ->
                            new Ports(directory.resolve("ports")).claim("SMASHCOST_HTTP_PORT", Ports.loopback(), port))
                    .hasMessage("port " + port + " is taken; set SMASHCOST_HTTP_PORT to a free one");
        }
    }
}
