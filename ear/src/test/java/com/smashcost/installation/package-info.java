/** The deployed whole as the tests use it: one domain and one database for all of them. */
@NullMarked
package com.smashcost.installation;

import org.jspecify.annotations.NullMarked;
