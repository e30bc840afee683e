/** The append-only trail: who did what to which organisation, and when. */
@NullMarked
package com.smashcost.audit.entity;

import org.jspecify.annotations.NullMarked;
