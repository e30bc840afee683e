package com.smashcost.provider.control.conversation;

/**
 * What an answer to a client says of itself besides its content.
 *
 * @param id unique and free of dialect prefixes: letters, digits and hyphens
 * @param createdSeconds since the epoch, the same all through a stream
 * @param model the name of the model that serves, for where the provider gives none
 * @param request what is answered
 */
public record AnswerFrame(String id, long createdSeconds, String model, Conversation request) {}
