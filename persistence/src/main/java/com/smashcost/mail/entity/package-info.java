/** Mails waiting to be sent, written in the transaction that caused them. */
@NullMarked
package com.smashcost.mail.entity;

import org.jspecify.annotations.NullMarked;
