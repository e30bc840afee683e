package com.smashcost.gateway.control;

import com.smashcost.admission.control.SlidingWindow.Permit;
import org.jspecify.annotations.Nullable;

/**
 * A request that may go on: whose it is, by which key, and the state of the world it is handled in.
 *
 * @param permit null where the organisation has no limit
 */
public record Admission(
        Snapshot snapshot,
        Tenant tenant,
        Snapshot.Door door,
        @Nullable Permit permit) {}
