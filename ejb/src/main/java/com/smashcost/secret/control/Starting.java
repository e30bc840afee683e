package com.smashcost.secret.control;

/**
 * The event of a start that is about to serve. Components observe it to check the settings that they need.
 *
 * @param environment what the process was started with
 */
public record Starting(Environment environment) {}
