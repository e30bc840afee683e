package com.smashcost;

import jakarta.inject.Inject;
import java.lang.reflect.Field;

/** Puts beans together as the container does, from parts that a test chooses. */
public final class Wired {

    private Wired() {}

    /** Sets each field that asks for injection to the part that fits it; a field that none fits stays as it is. */
    public static <T> T with(T bean, Object... parts) {
        for (Field field : bean.getClass().getDeclaredFields()) {
            if (field.isAnnotationPresent(Inject.class)) {
                for (Object part : parts) {
                    if (field.getType().isInstance(part)) {
                        set(bean, field, part);
                    }
                }
            }
        }
        return bean;
    }

    private static void set(Object bean, Field field, Object part) {
        try {
            field.setAccessible(true);
            field.set(bean, part);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
