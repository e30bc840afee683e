/** What opens doors: gateway keys and portal sessions. */
@NullMarked
package com.smashcost.access.entity;

import org.jspecify.annotations.NullMarked;
