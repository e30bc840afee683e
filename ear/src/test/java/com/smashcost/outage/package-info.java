/** What would disturb other tests: the server dies, the database stands still, the clock jumps. */
@NullMarked
package com.smashcost.outage;

import org.jspecify.annotations.NullMarked;
