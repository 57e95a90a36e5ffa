package dev.everbearer.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.StoreKey;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.Variant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds of the rows in every database. */
abstract class RowsContract {

  private final String prefix = Stores.newPrefix();
  private DataSource source;
  private JdbcTokenStore store;

  abstract DataSource source();

  @BeforeEach
  void open() {
    source = source();
    store = Stores.withTables(source, prefix);
    store.createTables();
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** Runs SQL in which a question mark stands for a text; returns the first column of its rows. */
  private List<String> sql(String sql, String... texts) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(sql.replace("everbearer_", prefix))) {
      for (int i = 0; i < texts.length; i++) {
        statement.setString(i + 1, texts[i]);
      }
      List<String> values = new ArrayList<>();
      if (statement.execute()) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            values.add(rows.getString(1));
          }
        }
      }
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
      return values;
    }
  }

  private String record(GrantKey key) throws SQLException {
    return sql("SELECT record FROM everbearer_grant WHERE id = ?", key.digest()).get(0);
  }

  private void replaceRecord(GrantKey key, String record) throws SQLException {
    sql("UPDATE everbearer_grant SET record = ? WHERE id = ?", record, key.digest());
  }

  @Test
  void itOutlivesAMachine() {
    assertThat(store.isDurable()).isTrue();
  }

  @Test
  void theTablesMayBeMadeAgain() {
    Grants.write(store, Grants.KEY, "kept");
    store.createTables();
    assertThat(Grants.token(store, Grants.KEY)).isEqualTo("kept");
  }

  @Test
  void theClockIsTheDatabasesToTheMicrosecondWhateverTheTimeZone() {
    TimeZone zone = TimeZone.getDefault();
    try {
      for (String each : List.of("UTC", "Pacific/Kiritimati", "America/St_Johns")) {
        TimeZone.setDefault(TimeZone.getTimeZone(each));
        Instant now = Stores.withTables(source(), prefix).read(Grants.KEY).now();
        assertThat(now)
            .as(each)
            .isBetween(Instant.now().minusSeconds(30), Instant.now().plusSeconds(30));
      }
    } finally {
      TimeZone.setDefault(zone);
    }
    boolean isFine =
        Stream.generate(() -> store.read(Grants.KEY).now())
            .limit(20)
            .anyMatch(now -> !now.equals(now.truncatedTo(ChronoUnit.MILLIS)));
    assertThat(isFine).as("microseconds").isTrue();
  }

  @Test
  @Spec("SE-41")
  void nothingOfATokenCanBeReadFromARow() throws SQLException {
    Grants.write(store, Grants.KEY, "the-secret-token");
    assertThat(record(Grants.KEY)).doesNotContain("the-secret-token");
    assertThat(Grants.token(store, Grants.KEY)).isEqualTo("the-secret-token");
  }

  @Test
  @Spec("SE-41")
  void anOldKeyReadsAndTheNewOneWrites() throws SQLException {
    StoreKey old = StoreKey.generate();
    StoreKey newest = StoreKey.generate();
    Grants.write(with(StoreKeys.of(old)), Grants.KEY, "first");
    JdbcTokenStore both = with(StoreKeys.of(newest, old));
    assertThat(Grants.token(both, Grants.KEY)).isEqualTo("first");
    Grants.write(both, Grants.KEY, "second");
    assertThat(Grants.token(with(StoreKeys.of(newest)), Grants.KEY)).isEqualTo("second");
  }

  private JdbcTokenStore with(StoreKeys keys) {
    return JdbcTokenStore.builder(source, keys).tablePrefix(prefix).build();
  }

  @Test
  @Spec({"SE-41", "LC-64"})
  void aRecordInThePlaceOfAnotherDoesNotOpenAndIsSetAside() throws SQLException {
    GrantKey other = Grants.key("user-2");
    Grants.write(store, Grants.KEY, "mine");
    Grants.write(store, other, "theirs");
    String mine = record(Grants.KEY);
    replaceRecord(Grants.KEY, record(other));
    replaceRecord(other, mine);
    assertThat(Grants.token(store, Grants.KEY)).isEqualTo("none");
    assertThat(Grants.token(store, other)).isEqualTo("none");
    assertThat(sql("SELECT record FROM everbearer_grant_corrupt WHERE id = ?", other.digest()))
        .containsExactly(mine);
  }

  @Test
  @Spec({"SE-41", "LC-64"})
  void anOlderRecordInThePlaceOfANewerDoesNotOpen() throws SQLException {
    Grants.write(store, Grants.KEY, "spent");
    String spent = record(Grants.KEY);
    Grants.write(store, Grants.KEY, "good");
    replaceRecord(Grants.KEY, spent);
    assertThat(Grants.token(store, Grants.KEY)).isEqualTo("none");
  }

  @Test
  @Spec("LC-64")
  void aBrokenRecordIsSetAsideAndThenAbsentAndALoginWritesAnew() throws SQLException {
    Grants.write(store, Grants.KEY, "whole");
    String record = record(Grants.KEY);
    List<String> broken = new ArrayList<>(List.of("", "?", record.substring(1), record + "A"));
    for (int at = 0; at < record.length(); at += 1 + record.length() / 12) {
      char other = record.charAt(at) == 'A' ? 'B' : 'A';
      broken.add(record.substring(0, at) + other + record.substring(at + 1));
    }
    for (String each : broken) {
      replaceRecord(Grants.KEY, each);
      assertThat(store.read(Grants.KEY).record().version()).as(each).isZero();
      assertThat(sql("SELECT id FROM everbearer_grant")).as(each).isEmpty();
      assertThat(Grants.write(store, Grants.KEY, "again")).as(each).isTrue();
    }
    assertThat(sql("SELECT record FROM everbearer_grant_corrupt ORDER BY noticed_at"))
        .isEqualTo(broken);
    assertThat(sql("SELECT why FROM everbearer_grant_corrupt"))
        .allSatisfy(why -> assertThat(why).isNotBlank());
  }

  @Test
  @Spec("LC-64")
  void aRecordWhoseKeyIsMissingIsLeftAndTheErrorSaysSo() throws SQLException {
    Grants.write(store, Grants.KEY, "whole");
    JdbcTokenStore stranger = with(StoreKeys.of(StoreKey.generate()));
    assertThatThrownBy(() -> stranger.read(Grants.KEY))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining(Grants.KEY.digest())
        .hasMessageContaining("not among those given")
        .hasMessageContaining("restore its key");
    assertThat(sql("SELECT id FROM everbearer_grant_corrupt")).isEmpty();
    assertThat(Grants.token(store, Grants.KEY)).isEqualTo("whole");
  }

  @Test
  void aListHasPagesInTheOrderOfUtf16OfOneRegistrationAlone() {
    List<String> subjects =
        List.of(
            "", "\0", "\0a", "\1", "A", "B", "a", "a ", "a\0", "ab", "é", "\uD83C\uDF53", "\uFF5E");
    List<GrantKey> keys =
        new ArrayList<>(
            subjects.stream()
                .flatMap(s -> Stream.of("refresh_token", "client_credentials").map(t -> key(s, t)))
                .toList());
    keys.forEach(each -> Grants.write(store, each, "token"));
    for (String registration : List.of("clien", "client\0", "client ", "Client", "clienu")) {
      Grants.write(store, new GrantKey(registration, "refresh_token", "x"), "token");
    }
    keys.sort(GrantKey.BY_SUBJECT);
    List<GrantKey> listed = new ArrayList<>();
    GrantKey after = null;
    List<GrantSummary> page;
    do {
      page = store.list("client", after, 4);
      page.forEach(each -> listed.add(each.key()));
      after = page.isEmpty() ? null : page.get(page.size() - 1).key();
    } while (after != null);
    assertThat(listed).isEqualTo(keys);
  }

  private static GrantKey key(String subject, String type) {
    return new GrantKey("client", type, subject);
  }

  @Test
  void aListSaysHowAGrantStandsWithoutItsRecord() throws SQLException {
    Instant sent = Instant.parse("2026-01-01T00:00:00.123456Z");
    StoredToken token = new StoredToken(AccessToken.bearer("a"), sent, Duration.ofMinutes(5));
    Variant variant = Variant.of(Grant.clientCredentials().request());
    GrantRecord first = GrantRecord.absent().next().token(variant, token).build();
    store.compareAndSet(Grants.KEY, first);
    store.compareAndSet(Grants.KEY, first.next().dead(Reason.LOST_IN_FLIGHT).build());
    replaceRecord(Grants.KEY, "broken");
    Instant now = store.read(Grants.key("other")).now();
    GrantSummary summary = store.list("client", null, 10).get(0);
    assertThat(summary.key()).isEqualTo(Grants.KEY);
    assertThat(summary.state()).isEqualTo(GrantSummary.State.DEAD);
    assertThat(summary.reason()).isEqualTo(Reason.LOST_IN_FLIGHT);
    assertThat(summary.version()).isEqualTo(2);
    assertThat(summary.expiresAt()).isEqualTo(sent.plus(Duration.ofMinutes(5)));
    assertThat(summary.changedAt()).isBetween(now.minusSeconds(60), now);
  }

  @Test
  void aLifeWithoutEndIsKeptAsTheLastMomentThatADatabaseKnows() {
    StoredToken token =
        new StoredToken(AccessToken.bearer("a"), Instant.EPOCH, Duration.ofSeconds(1L << 53));
    Variant variant = Variant.of(Grant.clientCredentials().request());
    store.compareAndSet(Grants.KEY, GrantRecord.absent().next().token(variant, token).build());
    assertThat(store.list("client", null, 1).get(0).expiresAt())
        .isEqualTo(Instant.parse("2262-01-01T00:00:00Z"));
    assertThat(store.read(Grants.KEY).record().token(variant)).contains(token);
  }

  @Test
  void namesThatNoIndexTakesAreRefusedBeforeTheDatabaseIsAsked() {
    GrantKey longest = Grants.key("x".repeat(1298 - "client".length() - "refresh_token".length()));
    assertThat(Grants.write(store, longest, "token")).isTrue();
    assertThat(store.list("client", null, 1).get(0).key()).isEqualTo(longest);
    GrantKey tooLong = Grants.key(longest.subject() + "x");
    assertThatThrownBy(() -> Grants.write(store, tooLong, "token"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1299 characters");
  }

  @Test
  void aListOfNothingIsRefused() {
    assertThatThrownBy(() -> store.list("client", null, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMissingTableIsNamedWithTheFileThatMakesIt() {
    JdbcTokenStore none = Stores.withTables(source, "none_");
    assertThatThrownBy(() -> none.read(Grants.KEY))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("none_grant")
        .hasMessageMatching("(?s).*dev/everbearer/store/jdbc/(h2|mysql|postgresql)\\.sql.*")
        .hasMessageContaining("createTables()");
  }

  @Test
  void aConnectionThatDoesNotCommitByItselfComesBackAsItWas() throws SQLException {
    SpiedSource spied = new SpiedSource(source, false);
    JdbcTokenStore careful = Stores.withTables(spied, prefix);
    assertThat(Grants.write(careful, Grants.KEY, "committed")).isTrue();
    assertThat(Grants.token(store, Grants.KEY)).isEqualTo("committed");
    GrantRecord lost = Grants.withToken(GrantRecord.absent(), "lost");
    assertThat(careful.compareAndSet(Grants.KEY, lost)).isFalse();
    replaceRecord(Grants.KEY, "broken");
    assertThat(Grants.token(careful, Grants.KEY)).isEqualTo("none");
    assertThat(sql("SELECT id FROM everbearer_grant_corrupt")).hasSize(1);
    assertThatThrownBy(() -> Stores.withTables(spied, "none_").read(Grants.KEY))
        .isInstanceOf(OAuthException.class);
    assertThat(spied.borrowed()).isGreaterThan(5);
    spied.assertAllCameBack();
  }

  @Test
  void aConnectionThatCommitsByItselfComesBackAsItWas() throws SQLException {
    SpiedSource spied = new SpiedSource(source, true);
    JdbcTokenStore plain = Stores.withTables(spied, prefix);
    Grants.write(plain, Grants.KEY, "token");
    replaceRecord(Grants.KEY, "broken");
    assertThat(Grants.token(plain, Grants.KEY)).isEqualTo("none");
    assertThat(spied.borrowed()).isEqualTo(4);
    spied.assertAllCameBack();
  }

  @Test
  void whatCannotBeSetAsideStays() throws SQLException {
    Grants.write(store, Grants.KEY, "whole");
    replaceRecord(Grants.KEY, "broken");
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE " + prefix + "grant_corrupt");
    }
    assertThatThrownBy(() -> store.read(Grants.KEY))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("grant_corrupt");
    assertThat(record(Grants.KEY)).isEqualTo("broken");
  }

  @Test
  void aWriteReachesThoseWhoWatchInAnotherStore() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    JdbcTokenStore other = Stores.withTables(source(), prefix);
    try (JdbcTokenStore closed = other;
        var watch = closed.watch(told::add)) {
      assertThat(watch).isNotNull();
      Grants.write(store, Grants.KEY, "one");
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Grants.KEY.digest());
    }
  }

  @Test
  void whoThrowsWhenToldIsToldOfTheNextToo() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (var watch =
        store.watch(
            id -> {
              told.add(id);
              throw new IllegalStateException("of a test");
            })) {
      assertThat(watch).isNotNull();
      Grants.write(store, Grants.KEY, "one");
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Grants.KEY.digest());
      GrantKey other = Grants.key("user-2");
      Grants.write(store, other, "two");
      String next = told.poll(30, TimeUnit.SECONDS);
      while (Grants.KEY.digest().equals(next)) {
        next = told.poll(30, TimeUnit.SECONDS);
      }
      assertThat(next).isEqualTo(other.digest());
    }
  }
}
