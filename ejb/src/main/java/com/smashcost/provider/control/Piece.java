package com.smashcost.provider.control;

/** A part of a body that is about to be sent; never prints what it holds. */
@SuppressWarnings("ArrayRecordComponent")
public record Piece(byte[] bytes, int offset, int length) {

    @Override
    public String toString() {
        return "Piece[" + length + " bytes]";
    }
}
