package com.smashcost.job.control;

/** Another node runs the job by now; what this one was about to change must not be. */
public class LostLease extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LostLease(String job) {
        super("the lease of job " + job + " was lost");
    }
}
