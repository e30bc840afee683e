package com.smashcost.planted.gateway.control.openai;

import com.smashcost.planted.gateway.boundary.Resource;

/** A control in a package of its own below the layer, which is one all the same. */
public class AlsoReachesUp extends Resource {}
