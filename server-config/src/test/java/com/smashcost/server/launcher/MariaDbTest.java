package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MariaDbTest {

    private static Database database(String url) {
        return new Database(
                url,
                new Database.Account("migrate", "m'1"),
                new Database.Account("app", "a\\2"),
                new Database.Account("report", "r3"));
    }

    @Test
    void only_the_migrate_user_is_granted_anything_before_the_migrations() {
        String sql = MariaDb.users(database("jdbc:mariadb://127.0.0.1:3306/smashcost"));
        assertThat(sql.lines().filter(line -> line.startsWith("GRANT")))
                .containsExactly("GRANT ALL PRIVILEGES ON smashcost.* TO 'migrate'@'%' WITH GRANT OPTION;");
    }

    @Test
    void passwords_cannot_leave_their_quotes() {
        String sql = MariaDb.users(database("jdbc:mariadb://127.0.0.1:3306/smashcost"));
        assertThat(sql).contains("IDENTIFIED BY 'm''1';").contains("IDENTIFIED BY 'a\\\\2';");
    }

    @Test
    void every_system_has_its_binaries() {
        assertThat(MariaDb.systemOf("Linux")).isEqualTo("linux");
        assertThat(MariaDb.systemOf("Mac OS X")).isEqualTo("osx");
        assertThat(MariaDb.systemOf("Windows 11")).isEqualTo("winx64");
    }

    @Test
    void an_address_is_shown_without_the_drivers_options() {
        Database database = database("jdbc:mariadb://db.example:3306/smashcost?connectTimeout=1000");
        assertThat(database.plainUrl()).isEqualTo("jdbc:mariadb://db.example:3306/smashcost");
        assertThat(database.schema()).isEqualTo("smashcost");
    }

    @Test
    void an_address_without_a_schema_is_refused() {
        assertThatThrownBy(() -> database("jdbc:mariadb://db.example/").plainUrl())
                .hasMessageContaining("SMASHCOST_DB_URL");
    }

    @Test
    void an_account_does_not_show_its_password() {
        assertThat(new Database.Account("app", "secret").toString()).isEqualTo("app");
    }
}
