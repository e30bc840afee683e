package com.smashcost.installation;

import java.io.IOException;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Starts the installation before the first test of a run and stops it after the last. */
public final class InstallationSession implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        try {
            Installation.open();
        } catch (IOException e) {
            throw new IllegalStateException("the installation cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
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
