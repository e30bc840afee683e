package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {

    @TempDir
    private Path run;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Progress progress = new Progress(new PrintStream(said, true, StandardCharsets.UTF_8));

    private Children children() {
        return new Children(run, progress);
    }

    private Child start(Children children, String name, String script) {
        Path log = run.resolve(name + ".log");
        return children.start(name, new ProcessBuilder("sh", "-c", script), log, log, Duration.ofMillis(500));
    }

    @AfterEach
    void nothing_is_left_behind() throws IOException {
        try (var files = Files.list(run)) {
            for (Path pidFile :
                    files.filter(file -> file.toString().endsWith(".pid")).toList()) {
                Children.leftover(pidFile).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void stops_in_the_reverse_order_of_the_start() {
        Children children = children();
        for (String name : List.of("database", "simulator", "server")) {
            start(children, name, "exec sleep 60");
        }
        children.stop();
        assertThat(said.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.strip().split(" ", -1)[1]))
                .containsExactly("server", "simulator", "database");
        assertThat(run.resolve("database.pid")).doesNotExist();
    }

    @Test
    void ends_by_force_what_does_not_end_when_asked() throws InterruptedException {
        Children children = children();
        Child stubborn = start(children, "stubborn", "trap '' TERM; echo ready; while :; do sleep 0.1; done");
        while (!stubborn.written().contains("ready")) {
            Thread.sleep(10);
        }
        children.stop();
        assertThat(stubborn.process().isAlive()).isFalse();
    }

    @Test
    void starts_nothing_after_the_stop() {
        Children children = children();
        children.stop();
        assertThatThrownBy(() -> start(children, "late", "exec sleep 60")).hasMessageContaining("late");
    }

    @Test
    void says_which_one_ended_and_why() throws InterruptedException {
        Children children = children();
        start(children, "well", "exec sleep 60");
        start(children, "ill", "echo fine; echo 'SEVERE: out of luck'; exit 3");
        assertThat(children.awaitEnd().ended())
                .hasMessageContaining("ill ended with exit code 3")
                .hasMessageContaining("SEVERE: out of luck")
                .hasMessageNotContaining("fine");
        children.stop();
    }

    @Test
    void a_later_run_ends_what_a_killed_one_left() throws InterruptedException {
        Child left = start(children(), "server", "exec sleep 60");
        children().endLeftovers(List.of("server"));
        assertThat(left.process().waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(run.resolve("server.pid")).doesNotExist();
    }

    @Test
    void a_process_that_only_has_the_same_number_is_left_alone() throws IOException {
        Path pidFile = Files.writeString(
                run.resolve("server.pid"), ProcessHandle.current().pid() + " " + 1_000_000_000_000L);
        assertThat(Children.leftover(pidFile)).isEmpty();
    }
}
