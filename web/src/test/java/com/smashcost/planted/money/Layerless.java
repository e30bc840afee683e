package com.smashcost.planted.money;

/** A class of no layer. */
public class Layerless {}
