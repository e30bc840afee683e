package com.smashcost.secret.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the process's settings, its master keys and its vault available for injection. */
@ApplicationScoped
public class Keyring {

    @Produces
    @Singleton
    Environment environment() {
        return Environment.ofProcess();
    }

    @Produces
    @Singleton
    MasterKeys masterKeys(Environment environment) {
        return MasterKeys.from(environment);
    }

    @Produces
    @Singleton
    Vault vault(MasterKeys keys) {
        return new Vault(keys);
    }
}
