package com.smashcost.matrix;

import com.smashcost.matrix.Cell.Told;
import com.smashcost.matrix.Exchange.Kind;

/** A program that talks to the gateway as its users' programs do, with no retries of its own. */
interface Client {

    String TAG = "X-SmashCost-Tag-Feature";

    /** Its name and version as its registry has it. */
    String name();

    /** What it speaks. */
    Wire route();

    /** Whether it can ask for this. */
    boolean can(Kind kind);

    /** Sends the question and says what it understood. */
    Told ask(Cell cell) throws Exception;
}
