package com.smashcost.routing.control;

/** What the user of a model wants as the result, named as stored and as said in {@code X-SmashCost-Task}. */
@SuppressWarnings("MemberName")
public enum Task {
    math,
    exam_mcq,
    code,
    open_qa,
    extraction_closed_qa,
    reasoning,
    creative_writing,
    classification,
    summarization,
    rewrite,
    translation,
    other
}
