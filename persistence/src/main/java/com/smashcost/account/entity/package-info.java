/** Organisations, their people, their settings and their subscription status. */
@NullMarked
package com.smashcost.account.entity;

import org.jspecify.annotations.NullMarked;
