/** How much an organisation may ask for in a time. */
@NullMarked
package com.smashcost.admission.control;

import org.jspecify.annotations.NullMarked;
