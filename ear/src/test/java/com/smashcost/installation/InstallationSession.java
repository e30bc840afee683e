package com.smashcost.installation;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Starts the installation before the first test of a run and stops it after the last; a run without tests starts nothing. */
public final class InstallationSession implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        session.getLauncher().registerTestExecutionListeners(new Start());
    }

    private static final class Start implements TestExecutionListener {

        private final AtomicBoolean failed = new AtomicBoolean();

        @Override
        public void testPlanExecutionStarted(TestPlan tests) {
            if (tests.containsTests()) {
                Installation.open();
            }
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                failed.set(true);
            }
        }

        @Override
        public void testPlanExecutionFinished(TestPlan tests) {
            if (failed.get()) {
                System.err.println("There were failures; " + Installation.whereLogsAre());
            }
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
            Installation.close();
        } catch (IOException e) {
            throw new IllegalStateException("the installation cannot be stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
