package com.smashcost.planted.common.control;

/** A class of a component that is none. */
public class Everything {}
