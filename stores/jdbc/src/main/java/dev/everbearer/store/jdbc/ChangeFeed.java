package dev.everbearer.store.jdbc;

import dev.everbearer.store.jdbc.Database.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for changes on a thread of its own: by the notices of PostgreSQL, or by asking again and
 * again. After an outage it asks once for what was changed meanwhile.
 */
final class ChangeFeed implements Runnable {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store.jdbc");

  /** A write may be seen this much later than the time that stands in it. */
  private static final Duration OVERLAP = Duration.ofSeconds(5);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration ALIVE_EVERY = Duration.ofSeconds(10);

  private final Database database;
  private final GrantTable table;
  private final Duration pollEvery;
  private final boolean isListening;
  private final Consumer<String> changed;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;

  /** When everything before was told. */
  private long toldNanos = System.nanoTime();

  private Map<String, Long> told = Map.of();
  private int failures;

  ChangeFeed(Database database, Duration pollEvery, boolean isListening, Consumer<String> changed) {
    this.database = database;
    this.table = new GrantTable(database);
    this.pollEvery = pollEvery;
    this.isListening = isListening;
    this.changed = changed;
    this.thread = new Thread(this, "everbearer-store-jdbc-changes");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends it, at the latest when what it waits for is over. */
  void stop() {
    stopped.countDown();
  }

  @Override
  public void run() {
    while (!isStopped(Duration.ZERO)) {
      try {
        look();
      } catch (SQLException e) {
        failed("the connection that listens is broken (%s)".formatted(Trouble.code(e)));
      } catch (RuntimeException e) {
        failed(String.valueOf(e.getMessage()));
      }
    }
  }

  private boolean isStopped(Duration wait) {
    try {
      return stopped.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Nobody has a reason to; it ends all the same.
      stopped.countDown();
      return true;
    }
  }

  /** Returns when there is nothing more to look for. */
  private void look() throws SQLException {
    try (PostgresNotices notices = notices()) {
      if (notices == null) {
        poll();
      } else {
        listen(notices);
      }
    }
  }

  private @Nullable PostgresNotices notices() throws SQLException {
    if (!isListening) {
      return null;
    }
    Session session = database.borrow("listen for changed grants");
    return PostgresNotices.on(session, database.tables().grant());
  }

  private void poll() {
    do {
      askForChanges();
    } while (!isStopped(pollEvery));
  }

  private void listen(PostgresNotices notices) throws SQLException {
    askForChanges();
    while (!isStopped(Duration.ZERO)) {
      notices.await().forEach(changed);
      long now = System.nanoTime();
      if (now - toldNanos > ALIVE_EVERY.toNanos()) {
        notices.requireAlive();
        toldNanos = now;
      }
    }
  }

  private void askForChanges() {
    long now = System.nanoTime();
    Map<String, Long> changes = table.changes(Duration.ofNanos(now - toldNanos).plus(OVERLAP));
    Map<String, Long> before = told;
    told = changes;
    toldNanos = now;
    if (failures > 0) {
      LOG.log(System.Logger.Level.INFO, "Changes of grants by others are seen again.");
      failures = 0;
    }
    changes.forEach(
        (id, version) -> {
          if (!version.equals(before.get(id))) {
            changed.accept(id);
          }
        });
  }

  private void failed(String why) {
    if (isStopped(Duration.ZERO)) {
      return;
    }
    if (failures++ == 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Changes of grants by others are not seen for now: {0} It is tried again until it works;"
              + " until then they are found when a token is renewed.",
          why);
    }
    Duration pause = pollEvery.multipliedBy(1L << Math.min(failures - 1, 10));
    isStopped(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }
}
