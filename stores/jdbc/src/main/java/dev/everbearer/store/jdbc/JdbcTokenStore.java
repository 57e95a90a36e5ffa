package dev.everbearer.store.jdbc;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.SealedRecords;
import dev.everbearer.store.SealedRecords.BrokenRecordException;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps grants in a database, sealed, one row for each: PostgreSQL, MariaDB, MySQL or H2, which is
 * found out when it is first used. Reading is one round trip, and so is writing, which is committed
 * when it returns. No connection is held between calls, but one while somebody watches PostgreSQL.
 *
 * <p>What the database does not do is thrown as an {@link OAuthException} with the codes of the
 * database; after a write it may then be there or not. A row that is broken is moved to the table
 * {@code everbearer_grant_corrupt}, with a warning, and counts as absent. Thread-safe.
 */
public final class JdbcTokenStore implements TokenStore {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store.jdbc");

  private final Database database;
  private final GrantTable table;
  private final SealedRecords sealed;
  private final Watching watching;

  private JdbcTokenStore(Builder builder) {
    this.database = new Database(builder.source, builder.tables, builder.queryTimeout);
    this.table = new GrantTable(database);
    this.sealed = SealedRecords.by(builder.keys, "The table " + builder.tables.grant());
    this.watching = new Watching(database, builder.pollEvery, builder.isListening);
  }

  /**
   * A store with the usual settings.
   *
   * @param source gives connections; a pool, for each call takes one. It is yours to close
   * @param keys seal the records
   */
  public static JdbcTokenStore of(DataSource source, StoreKeys keys) {
    return builder(source, keys).build();
  }

  /** Starts a store with other settings; the parameters are those of {@link #of}. */
  public static Builder builder(DataSource source, StoreKeys keys) {
    return new Builder(source, keys);
  }

  /**
   * Makes the tables that are not there. For tests and small set-ups, whose database user may do
   * so; elsewhere run the SQL that is in this jar beside this class.
   *
   * @throws OAuthException if they cannot be made
   */
  public void createTables() {
    database.once("make the tables", session -> Schema.create(session, database.tables()));
  }

  /**
   * {@inheritDoc}
   *
   * @throws OAuthException when the database cannot be asked, or the record was sealed by a key
   *     that is not among the keys; then it stays as it is
   */
  @Override
  public Snapshot read(GrantKey key) {
    String id = key.digest();
    while (true) {
      GrantTable.Row row = table.read(id);
      String record = row.record();
      if (record == null) {
        return new Snapshot(GrantRecord.absent(), row.now());
      }
      try {
        return new Snapshot(sealed.open(key, record, row.version()), row.now());
      } catch (BrokenRecordException e) {
        if (e.isKeyMissing()) {
          throw keyMissing(key, e);
        }
        if (table.setAside(id, row, e.getMessage())) {
          warn(key, e);
          return new Snapshot(GrantRecord.absent(), row.now());
        }
      }
    }
  }

  private OAuthException keyMissing(GrantKey key, BrokenRecordException e) {
    return Failure.builder(
            FailureKind.REFUSED,
            "The grant %s of %s in the table %s cannot be opened: %s. It is left as it is; restore its key, or delete the row to log in anew."
                .formatted(
                    key.digest(), key.registration(), database.tables().grant(), e.getMessage()))
        .build()
        .toException();
  }

  private void warn(GrantKey key, BrokenRecordException e) {
    LOG.log(
        System.Logger.Level.WARNING,
        "The grant {0} of {1} in the table {2} is broken: {3}. It is now in {4}, and counts as"
            + " absent. Find out who else writes to the table; restore the row if you can.",
        key.digest(),
        key.registration(),
        database.tables().grant(),
        e.getMessage(),
        database.tables().corrupt());
  }

  /**
   * {@inheritDoc}
   *
   * @throws OAuthException when the database gave no answer: the record may be written or not
   * @throws IllegalArgumentException if registration, subject and grant type have more than 1,298
   *     characters together
   */
  @Override
  public boolean compareAndSet(GrantKey key, GrantRecord next) {
    return table.write(key, next, sealed.seal(key, next));
  }

  /** It is: true. */
  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("A list has 1 grant or more, not %d.".formatted(limit));
    }
    return table.list(registration, after, limit);
  }

  /**
   * {@inheritDoc}
   *
   * <p>PostgreSQL tells by itself, for which a connection is kept; other databases are asked again
   * and again. While the database is away there are no notices; once it is back, those of the time
   * between come.
   */
  @Override
  public Watch watch(Consumer<String> changed) {
    return watching.add(Objects.requireNonNull(changed, "changed"));
  }

  /** Ends all notices. The DataSource stays open. */
  @Override
  public void close() {
    watching.close();
  }

  /** The table's name. */
  @Override
  public String toString() {
    return "JdbcTokenStore[" + database.tables().grant() + "]";
  }

  /** Builds a {@link JdbcTokenStore}. Not thread-safe. */
  public static final class Builder {

    private final DataSource source;
    private final StoreKeys keys;
    private Tables tables = new Tables(Tables.PREFIX);
    private Duration queryTimeout = Duration.ofSeconds(5);
    private Duration pollEvery = Duration.ofMillis(250);
    private boolean isListening = true;

    private Builder(DataSource source, StoreKeys keys) {
      this.source = Objects.requireNonNull(source, "source");
      this.keys = Objects.requireNonNull(keys, "keys");
    }

    /**
     * What the names of the tables begin with; {@code everbearer_} by default.
     *
     * @throws IllegalArgumentException if it is not 1 to 30 of a-z, 0-9 and _
     */
    public Builder tablePrefix(String prefix) {
      this.tables = new Tables(prefix);
      return this;
    }

    /**
     * How long the database may take for a statement; 5 seconds by default. JDBC counts whole
     * seconds, so it is rounded up to them.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder queryTimeout(Duration timeout) {
      this.queryTimeout = positive(timeout);
      return this;
    }

    /**
     * How often a database that gives no notices is asked for changes, while somebody watches; each
     * 250 ms by default.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder pollEvery(Duration interval) {
      this.pollEvery = positive(interval);
      return this;
    }

    /**
     * Asks PostgreSQL for changes as other databases, in place of listening for its notices. For
     * what stands between that lends a connection for a transaction only, such as PgBouncer.
     */
    public Builder withoutListening() {
      this.isListening = false;
      return this;
    }

    private static Duration positive(Duration time) {
      if (time.isZero() || time.isNegative()) {
        throw new IllegalArgumentException("%s is not positive.".formatted(time));
      }
      return time;
    }

    /** The store. Nothing is asked of the database yet. */
    public JdbcTokenStore build() {
      return new JdbcTokenStore(this);
    }
  }
}
