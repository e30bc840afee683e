package com.smashcost.access.control;

import com.smashcost.refusal.control.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down guessing at one account: after a few failures each further one doubles the wait, up to fifteen minutes.
 *
 * <p>Failures count per account and network, so a stranger's guesses do not make the owner wait. A guesser with many networks
 * meets a second, more patient count of the account as a whole, which does not hold for a network that the account signed in
 * from. What is tried during a wait is refused and does not lengthen it. Kept in this process's memory on the monotonic clock.
 */
@ApplicationScoped
public class SignInThrottle {

    static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int FREE_PER_NETWORK = 5;
    private static final int FREE_PER_ACCOUNT = 50;
    private static final int MOST_ENTRIES = 20_000;

    private final LongSupplier nanoTime;
    private final Map<String, Failures> failures = new Recent<>();
    private final Map<String, Boolean> trusted = new Recent<>();

    public SignInThrottle() {
        this(System::nanoTime);
    }

    SignInThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Lets an attempt pass.
     *
     * @param address the client's IP address
     * @throws Refusal.TooManyRequests if this account has to wait
     */
    public synchronized void admit(String email, String address) {
        String network = network(email, address);
        long wait = wait(network);
        if (!trusted.containsKey(network)) {
            wait = Math.max(wait, wait(account(email)));
        }
        if (wait > 0) {
            Duration left = Duration.ofNanos(wait).plusMillis(999).truncatedTo(ChronoUnit.SECONDS);
            throw new Refusal.TooManyRequests(
                    "sign_in_throttled", "Too many failed attempts. Try again in " + words(left) + ".", left);
        }
    }

    /** Counts an attempt with the wrong password. */
    public synchronized void failed(String email, String address) {
        count(network(email, address), FREE_PER_NETWORK);
        count(account(email), FREE_PER_ACCOUNT);
    }

    /** Forgets the failures of an account that was signed in to from here. */
    public synchronized void succeeded(String email, String address) {
        String network = network(email, address);
        failures.remove(network);
        trusted.put(network, true);
    }

    private long wait(String key) {
        Failures found = failures.get(key);
        return found == null ? 0 : found.until - nanoTime.getAsLong();
    }

    private void count(String key, int free) {
        long now = nanoTime.getAsLong();
        Failures before = failures.get(key);
        int number = before == null || now - before.until > LONGEST.toNanos() ? 1 : before.number + 1;
        long wait = number < free
                ? 0
                : Math.min(LONGEST.toNanos(), Duration.ofSeconds(1).toNanos() << Math.min(number - free, 20));
        failures.put(key, new Failures(number, now + wait));
    }

    private static String account(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    /** The account at the /24 or /56 around the address. */
    private static String network(String email, String address) {
        String network = address;
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            network = HexFormat.of().formatHex(bytes, 0, bytes.length == 4 ? 3 : 7);
        } catch (UnknownHostException notAnAddress) {
            // a name of its own, then
        }
        return account(email) + '|' + network;
    }

    private static String words(Duration left) {
        long seconds = left.toSeconds();
        if (seconds < 60) {
            return seconds == 1 ? "1 second" : seconds + " seconds";
        }
        long minutes = (seconds + 59) / 60;
        return minutes == 1 ? "1 minute" : minutes + " minutes";
    }

    private record Failures(int number, long until) {}

    /** A map that forgets what was used longest ago. */
    private static final class Recent<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST_ENTRIES;
        }
    }
}
