package com.smashcost.planted.admin.control;

import java.util.logging.Logger;

/** Writes where nobody watches. */
public class Shouts {

    /** To the standard output. */
    public void out() {
        System.out.println("out");
    }

    /** To a logger of its own kind. */
    public void log() {
        Logger.getLogger("a").info("log");
    }
}
