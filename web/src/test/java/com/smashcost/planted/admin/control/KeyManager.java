package com.smashcost.planted.admin.control;

/** A name that says nothing. */
public class KeyManager {}
