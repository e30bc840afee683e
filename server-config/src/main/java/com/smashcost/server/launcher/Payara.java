package com.smashcost.server.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The running server with the application in it: a direct child of the launcher. */
final class Payara {

    static final String NAME = "Payara";

    private static final Duration START = Duration.ofMinutes(5);
    private static final Pattern NOT_DEPLOYED = Pattern.compile("Boot Command \\S+ failed");

    private final Child child;

    private Payara(Child child) {
        this.child = child;
    }

    static Payara start(Children children, Home home, List<String> command, Map<String, String> environment) {
        Path log = home.log("server");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.domain().resolve("config").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SMASHCOST_"));
        builder.environment().putAll(environment);
        Child child = children.start(NAME, builder, home.log("payara-console"), log, Duration.ofSeconds(30));
        return new Payara(child);
    }

    /** Returns when the gateway answers and says that it is ready. */
    void awaitReady(Probe gateway, Probe readiness) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        Probe.Answer answer = Probe.Answer.NONE;
        boolean gatewayAnswers = false;
        while (System.nanoTime() < deadline) {
            if (!child.process().isAlive()) {
                throw child.ended();
            }
            refuseFailedDeployment();
            if (!gatewayAnswers) {
                answer = gateway.ask();
                // 401: it asks for a key, so it is there
                gatewayAnswers = answer.status() == 401 || answer.status() == 200;
            }
            if (gatewayAnswers) {
                answer = readiness.ask();
                if (answer.status() == 200) {
                    return;
                }
            }
            Thread.sleep(100);
        }
        throw new StartFailure(
                "the application was not ready within " + START.toSeconds() + " s; its last answer: " + answer,
                child.log(),
                null);
    }

    private void refuseFailedDeployment() {
        if (NOT_DEPLOYED.matcher(child.written()).find()) {
            throw new StartFailure("the application could not be deployed" + child.causes(), child.log(), null);
        }
    }
}
