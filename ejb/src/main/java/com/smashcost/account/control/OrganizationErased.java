package com.smashcost.account.control;

import java.time.Instant;

/**
 * Tells those who keep things of an organisation that it is being deleted: each erases its own, in the transaction of the
 * deletion.
 */
public record OrganizationErased(long organizationId, Instant at) {}
