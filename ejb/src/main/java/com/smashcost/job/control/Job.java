package com.smashcost.job.control;

import java.time.Duration;

/** Work that is done again and again, by one node at a time. Every bean of this type is run. */
public interface Job {

    /** At most 40 letters, digits and hyphens; the name of its row. */
    String name();

    /** The time from the start of one run to the start of the next. */
    Duration period();

    /**
     * Does what there is to do. It may be cut off at any point, and is then run again.
     *
     * @param fence what every transaction of the run must {@link Fence#hold hold} before it changes anything
     */
    void run(Fence fence) throws Exception;
}
