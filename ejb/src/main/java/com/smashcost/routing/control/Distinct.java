package com.smashcost.routing.control;

import java.util.Arrays;

/** Keeps the numbers that are added, each once, in the order in which they came. Not thread-safe. */
final class Distinct {

    private final int[] slots;
    private final int[] order;
    private int size;

    /** @param most so many are added at most */
    Distinct(int most) {
        slots = new int[Integer.highestOneBit(Math.max(16, most)) << 1];
        order = new int[most];
    }

    /** @param number from 0 on */
    void add(int number) {
        int slot = Hash.finish(number) & (slots.length - 1);
        while (slots[slot] != 0) {
            if (slots[slot] == number + 1) {
                return;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = number + 1;
        order[size++] = number;
    }

    int size() {
        return size;
    }

    int[] numbers() {
        return Arrays.copyOf(order, size);
    }
}
