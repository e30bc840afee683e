/** The pages on which a customer's members see their requests, and how those members come in and leave. */
@NullMarked
package com.smashcost.portal.boundary;

import org.jspecify.annotations.NullMarked;
