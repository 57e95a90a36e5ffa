package dev.everbearer.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a database's trouble, and what of that is kept back. */
class TroubleTest {

  private static final Tables TABLES = new Tables("my_");

  private static OAuthException of(String state, int code) {
    SQLException thrown = new SQLException("Failing row contains (the-secret).", state, code);
    return Trouble.at("write a grant", Dialect.MYSQL, TABLES, thrown);
  }

  @ParameterizedTest
  @CsvSource({
    "42P01, 0, REFUSED, mysql.sql",
    "42S02, 1146, REFUSED, my_grant_corrupt",
    "42703, 0, REFUSED, column is not there",
    "42501, 0, REFUSED, 'SELECT, INSERT, UPDATE and DELETE on my_grant'",
    "42000, 1142, REFUSED, INSERT on my_grant_corrupt",
    "57014, 0, SERVER_TROUBLE, did not answer in time",
    "08006, 0, SERVER_TROUBLE, connection was lost",
    "57P01, 0, SERVER_TROUBLE, whether it was done is not known",
    "53100, 0, SERVER_TROUBLE, log says more",
    ", 0, SERVER_TROUBLE, log says more"
  })
  void theCodesSayWhatToDoAndTheTextOfTheDatabaseIsKeptBack(
      String state, int code, FailureKind kind, String said) {
    OAuthException e = of(state, code);
    assertThat(e).hasMessageContaining("write a grant").hasMessageContaining(said);
    assertThat(e.failure().orElseThrow().kind()).isEqualTo(kind);
    StringWriter printed = new StringWriter();
    e.printStackTrace(new PrintWriter(printed));
    assertThat(printed.toString()).doesNotContain("the-secret");
  }

  @ParameterizedTest
  @CsvSource({"40001, true", "40P01, true", "40003, false", "08006, false", ", false"})
  void onlyWhatTheDatabaseUndidForSureIsALostRace(String state, boolean isRolledBack) {
    assertThat(Trouble.isRolledBack(new SQLException("of a test", state))).isEqualTo(isRolledBack);
  }

  @ParameterizedTest
  @CsvSource({"PostgreSQL, POSTGRESQL", "MariaDB, MYSQL", "MySQL, MYSQL", "H2, H2", "Oracle,"})
  void aDatabaseIsKnownByItsProduct(String product, Dialect dialect) {
    assertThat(Dialect.of(product).orElse(null)).isEqualTo(dialect);
  }

  @Test
  void anotherDatabaseIsNamed() {
    assertThat(Trouble.unknown("Oracle")).hasMessageContaining("Oracle");
  }

  @Test
  void aDatabaseThatIsNotThereFailsTheCallAndNotTheStoresMaking() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:tcp://127.0.0.1:1/none");
    try (JdbcTokenStore store = JdbcTokenStore.of(source, Stores.KEYS)) {
      assertThatThrownBy(() -> store.read(Grants.KEY))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("gave no connection")
          .hasMessageContaining("Nothing was read or written");
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    JdbcTokenStore.Builder builder = JdbcTokenStore.builder(new JdbcDataSource(), Stores.KEYS);
    for (String prefix : new String[] {"", "1a", "a;b", "A", "a".repeat(31)}) {
      assertThatThrownBy(() -> builder.tablePrefix(prefix))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> builder.queryTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.pollEvery(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(builder.build()).hasToString("JdbcTokenStore[everbearer_grant]");
  }
}
