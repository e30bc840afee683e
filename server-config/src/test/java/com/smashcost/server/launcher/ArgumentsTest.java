package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentsTest {

    @TempDir
    private Path directory;

    @Test
    void takes_an_unpacked_server_instead_of_the_zip() throws IOException {
        Path ear = Files.createFile(directory.resolve("app.ear"));
        Arguments arguments = Arguments.parse(List.of("--ear", ear.toString(), "--payara-dir", directory.toString()));
        assertThat(arguments.payaraDirectory()).hasValue(directory);
        assertThat(arguments.stopWithParent()).isFalse();
    }

    @Test
    void says_what_it_wants() throws IOException {
        Path ear = Files.createFile(directory.resolve("app.ear"));
        assertThatThrownBy(() -> Arguments.parse(List.of("--ear", ear.toString())))
                .hasMessageStartingWith("usage:");
        assertThatThrownBy(() -> Arguments.parse(List.of("--ear"))).hasMessageStartingWith("usage:");
        assertThatThrownBy(() -> Arguments.parse(List.of(
                        "--ear",
                        ear.toString(),
                        "--payara",
                        directory.resolve("none").toString())))
                .hasMessageContaining("does not exist");
    }
}
