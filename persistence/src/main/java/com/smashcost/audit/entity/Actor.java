package com.smashcost.audit.entity;

import java.util.regex.Pattern;

/**
 * Who acts: a kind and an opaque id, never a name or a mail address, because audit records outlive the people in them.
 *
 * @param id 1 to 64 characters of {@code [A-Za-z0-9._:-]}
 */
public record Actor(ActorType type, String id) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    public Actor {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("an actor id has 1 to 64 characters of [A-Za-z0-9._:-]");
        }
    }

    /** The member with this id. */
    public static Actor member(long memberId) {
        return new Actor(ActorType.MEMBER, "member:" + memberId);
    }

    /** The operator who signed in under this name. */
    public static Actor operator(String operator) {
        return new Actor(ActorType.OPERATOR, operator);
    }
}
