package com.smashcost.planted.gateway.boundary;

/** What a control has no business with. */
public class Resource {}
