package com.smashcost.routing.control;

/**
 * Why a model was taken or dropped. Stored by ordinal: new ones are added at the end, none is renumbered.
 */
@SuppressWarnings("MemberName")
public enum Verdict {
    /** It serves the request, or would have. */
    chosen,
    /** It was asked for, and something cheaper was found. */
    asked,
    /** Good enough, and dearer than the chosen one. */
    dearer,
    /** It would keep too little of the requested model's quality. */
    not_good_enough,
    /** The request is unlike what the classifier knows, so nothing lower is considered. */
    unfamiliar,
    /** No downgrade in this mode before enough outcomes were seen in this cell. */
    unproven,
    /** Nobody has said how good it is. */
    unrated,
    /** It has no price. */
    unpriced,
    /** The organisation has no credential for its provider. */
    no_credential,
    /** The operator switched it off. */
    switched_off,
    /** Its provider retires it, or has. */
    retired,
    /** The organisation's lists leave it out. */
    not_allowed,
    context_too_small,
    output_too_small,
    no_tools,
    no_vision,
    no_audio,
    no_documents,
    no_schema,
    no_reasoning,
    /** It has what only its own provider offers: hosted tools, thoughts that only their vendor can read, an open tool loop. */
    bound_to_provider,
    /** Its circuit breaker is open. */
    breaker_open,
    /** Its provider asked this organisation to wait. */
    rate_limited,
    /** Switching would lose more prompt cache than it saves, or the session has not been easy for long enough. */
    session_held,
    /** Its provider's dialect has no place for something that the answer depends on. */
    untranslatable,
    /** It would think first, and the request's limit on output leaves too little room for that. */
    thinks_too_long
}
