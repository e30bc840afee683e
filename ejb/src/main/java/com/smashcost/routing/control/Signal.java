package com.smashcost.routing.control;

/** A dense feature of a request, each clipped to a range of about 0 to 1 so that none can outvote the others. */
@SuppressWarnings("MemberName")
enum Signal {
    one,
    instruction_length,
    word_length,
    digits,
    numbers,
    capitals,
    latex,
    code_symbols,
    code_fence,
    code_lines,
    question_marks,
    ends_with_question,
    options,
    more_than_four_options,
    option_length,
    numeric_options,
    blank,
    statements,
    quotes,
    lines,
    sentence_length,
    non_ascii,
    dense_script,
    braces,
    table_lines,
    mail_headers,
    log_lines,
    turns,
    system,
    tools,
    tool_loop,
    schema,
    many_words,
    rare_symbols;

    /** All signals, and after them for each cue whether it opens a sentence, how often it occurs, and whether the system's text has it. */
    static final int COUNT = values().length + 3 * Cue.values().length;

    static int opening(Cue cue) {
        return values().length + 3 * cue.ordinal();
    }

    static int occurring(Cue cue) {
        return opening(cue) + 1;
    }

    static int inSystem(Cue cue) {
        return opening(cue) + 2;
    }
}
