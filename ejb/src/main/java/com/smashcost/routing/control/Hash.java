package com.smashcost.routing.control;

/** A 32-bit hash over code points, the same on every machine; its finish is that of MurmurHash3, which is in the public domain. */
final class Hash {

    static final int START = 0x811c9dc5;

    private Hash() {}

    static int add(int hash, int value) {
        return (hash ^ value) * 0x01000193 + (value >>> 8);
    }

    static int finish(int hash) {
        int mixed = hash ^ hash >>> 16;
        mixed *= 0x85ebca6b;
        mixed ^= mixed >>> 13;
        mixed *= 0xc2b2ae35;
        return mixed ^ mixed >>> 16;
    }
}
