package com.smashcost.outage;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.installation.AdminApi;
import com.smashcost.installation.Installation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The end of a token, for which the installation's clock is moved. */
@Tag("outage")
class AdminTokenIT {

    private final AdminApi admin = Installation.running().admin();

    @Test
    @Tag("G18")
    void ends_after_half_an_hour() {
        admin.signOut();
        assertThat(admin.get("/organizations").status()).isEqualTo(200);

        assertThat(admin.post("/clock", "{\"advance\":\"PT29M\"}").status()).isEqualTo(200);
        assertThat(admin.get("/organizations").status()).isEqualTo(200);

        assertThat(admin.post("/clock", "{\"advance\":\"PT1M1S\"}").status()).isEqualTo(200);
        assertThat(admin.get("/organizations").status()).isEqualTo(401);

        admin.signOut();
        assertThat(admin.get("/organizations").status()).isEqualTo(200);
    }
}
