package com.smashcost.server.launcher;

import java.util.Optional;

/**
 * Where the domain listens.
 *
 * @param address of the main listeners; the admin listeners are on the loopback address
 * @param http plain HTTP; absent where TLS alone is served
 * @param https TLS; absent without a certificate
 * @param admin the operator's panel, health, metrics and OpenAPI
 * @param asadmin the server's own administration, normally off
 */
record Listeners(
        String address, Optional<Integer> http, Optional<Integer> https, int admin, Optional<Integer> asadmin) {}
