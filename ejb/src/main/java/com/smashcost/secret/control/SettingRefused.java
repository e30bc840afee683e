package com.smashcost.secret.control;

/** A setting that stops the start; the message names it and says what it should be, never what it is. */
public final class SettingRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingRefused(String setting, String problem) {
        super(setting + " " + problem);
    }
}
