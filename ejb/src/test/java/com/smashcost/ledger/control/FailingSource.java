package com.smashcost.ledger.control;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source whose k-th statement or commit fails: the process dies then, before or after the database has done it. */
final class FailingSource {

    private final DataSource database;
    private int left = Integer.MAX_VALUE;
    private boolean doneFirst;

    FailingSource(DataSource database) {
        this.database = database;
    }

    /** Makes the k-th step from now on fail, counted from 0. */
    void failAt(int k, boolean afterItIsDone) {
        left = k;
        doneFirst = afterItIsDone;
    }

    /** Makes nothing fail; returns whether something had been about to. */
    boolean heal() {
        boolean pending = left >= 0 && left < Integer.MAX_VALUE;
        left = Integer.MAX_VALUE;
        return pending;
    }

    DataSource source() {
        return proxy(DataSource.class, (name, call) -> {
            Object result = call.run();
            return name.equals("getConnection") ? connection((Connection) Objects.requireNonNull(result)) : result;
        });
    }

    private Connection connection(Connection real) {
        return proxy(
                Connection.class,
                (name, call) -> {
                    if (name.equals("commit")) {
                        return step(real, call);
                    }
                    if (name.equals("rollback") && left < 0) {
                        return null; // the dead roll nothing back; the database does it when it misses them
                    }
                    Object result = call.run();
                    return name.equals("prepareStatement")
                            ? statement(real, (PreparedStatement) Objects.requireNonNull(result))
                            : result;
                },
                real);
    }

    private PreparedStatement statement(Connection connection, PreparedStatement real) {
        return proxy(
                PreparedStatement.class,
                (name, call) -> name.startsWith("execute") ? step(connection, call) : call.run(),
                real);
    }

    private @Nullable Object step(Connection connection, Call call) throws Throwable {
        if (left-- != 0) {
            return call.run();
        }
        if (doneFirst) {
            call.run();
        }
        connection.abort(Runnable::run);
        throw new SQLException("killed", "08000");
    }

    private interface Call {
        @Nullable
        Object run() throws Throwable;
    }

    private interface Rule {
        @Nullable
        Object answer(String method, Call call) throws Throwable;
    }

    private <T> T proxy(Class<T> type, Rule rule) {
        return proxy(type, rule, type.cast(database));
    }

    private static <T> T proxy(Class<T> type, Rule rule, T target) {
        return type.cast(Proxy.newProxyInstance(
                FailingSource.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> rule.answer(method.getName(), () -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })));
    }
}
