package com.smashcost.account.entity;

/** What a member may do in the portal; named as stored and shown. */
@SuppressWarnings("MemberName")
public enum MemberRole {
    owner,
    admin,
    viewer
}
