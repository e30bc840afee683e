/** What happens when the server dies or the database goes away; on an installation of its own. */
@NullMarked
package com.smashcost.outage;

import org.jspecify.annotations.NullMarked;
