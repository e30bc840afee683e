package com.smashcost.planted.admin.control;

/** A class in a package that does not say that it is null-marked. */
public class Unmarked {}
