package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

    @TempDir
    private Path directory;

    @Test
    void is_for_its_owner_alone() throws IOException {
        Home home = Home.open(directory.resolve("home"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.root())))
                .isEqualTo("rwx------");
        home.release();
    }

    @Test
    void has_one_launcher_at_a_time_and_says_which() throws IOException, InterruptedException {
        Path root = directory.resolve("home");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        root.toString())
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("mine");
            assertThatThrownBy(() -> Home.open(root)).hasMessageContaining("already running: process " + other.pid());
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        // the lock went with the process
        Home.open(root).release();
    }

    /** Another launcher, as far as the lock can tell. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws InterruptedException {
            Home home = Home.open(Path.of(args[0]));
            System.out.println("mine");
            Thread.sleep(60_000);
            home.release();
        }
    }
}
