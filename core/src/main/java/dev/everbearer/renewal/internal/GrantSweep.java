package dev.everbearer.renewal.internal;

import dev.everbearer.grant.ConnectedGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.internal.Renewer.GrantOverException;
import dev.everbearer.renewal.internal.Renewer.TooEarlyException;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.RenewalListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Renews grants in the store that nobody uses, before the server ends them for that: one process of
 * all that share the store, one grant at a time, at a pace. Each step is a task of its own, and the
 * next one begins when it has ended.
 */
public final class GrantSweep implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private static final int PAGE = 200;
  private static final Duration LONGEST_START = Duration.ofMinutes(1);
  private static final Duration SHORTEST_LEASE = Duration.ofMinutes(2);

  /**
   * When it does what.
   *
   * @param idleLimit after how long without use the server ends a grant
   * @param pace between two renewals
   * @param every between two looks through the store
   */
  public record Plan(Duration idleLimit, Duration pace, Duration every) {}

  private final GrantContext context;
  private final Announcer announcer;
  private final String server;
  private final Plan plan;
  private final Consumer<GrantKey> renewed;
  private final SweepLease lease;

  // Of one step after the other.
  private final Deque<GrantSummary> page = new ArrayDeque<>();
  private @Nullable GrantKey last;
  private boolean isLastPage;

  /** Renewals that failed: the write of an attempt makes a grant look used. */
  private final Set<GrantKey> failed = new HashSet<>();

  /** What only a login helps, by the record's version; told once. */
  private final Map<GrantKey, Long> told = new HashMap<>();

  private final Object lock = new Object();
  private @Nullable Future<?> next; // guarded by lock
  private boolean isClosed; // guarded by lock

  /**
   * A sweep that has not begun.
   *
   * @param server for people
   * @param renewed hears of each grant that was renewed
   */
  public GrantSweep(
      GrantContext context,
      Announcer announcer,
      String server,
      Plan plan,
      Consumer<GrantKey> renewed) {
    this.context = context;
    this.announcer = announcer;
    this.server = server;
    this.plan = plan;
    this.renewed = renewed;
    Duration exchanges = context.exchangeTimeout().multipliedBy(4);
    this.lease =
        new SweepLease(
            context.store(),
            context.registration(),
            exchanges.compareTo(SHORTEST_LEASE) > 0 ? exchanges : SHORTEST_LEASE);
  }

  /** Begins, after a while that differs from process to process. */
  public void start() {
    Duration longest = plan.every().compareTo(LONGEST_START) < 0 ? plan.every() : LONGEST_START;
    double share = context.timing().random().getAsDouble();
    schedule(Duration.ofNanos((long) (longest.toNanos() * share)));
  }

  private void schedule(Duration in) {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      try {
        next =
            context.timing().scheduler().schedule(this::begin, in.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        LOG.log(System.Logger.Level.DEBUG, "The scheduler has ended, and so has the keep-alive.");
      }
    }
  }

  private void begin() {
    try {
      context.timing().worker().execute(this::step);
    } catch (RuntimeException e) {
      schedule(plan.every());
    }
  }

  private void step() {
    Duration rest = plan.every();
    try {
      rest = renewNext() ? plan.pace() : plan.every();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      forgetPage();
      LOG.log(
          System.Logger.Level.WARNING,
          "Idle grants at {0} are not kept alive for now: the token store failed ({1}). Check it.",
          server,
          e.getClass().getName());
    }
    schedule(rest);
  }

  /** Renews the next grant that is due; false when there is none, or it is for another process. */
  private boolean renewNext() throws InterruptedException {
    Instant now = lease.take();
    while (now != null) {
      GrantSummary due = nextOfPage(now);
      if (due != null) {
        renew(due);
        return true;
      }
      if (isLastPage) {
        forgetPage();
        lease.release(plan.every());
        return false;
      }
      turnPage();
      now = lease.take();
    }
    forgetPage();
    return false;
  }

  // ---- which

  private void turnPage() {
    List<GrantSummary> listed = context.store().list(context.registration(), last, PAGE);
    isLastPage = listed.size() < PAGE;
    if (!listed.isEmpty()) {
      last = listed.get(listed.size() - 1).key();
    }
    page.addAll(listed);
  }

  private void forgetPage() {
    page.clear();
    last = null;
    isLastPage = false;
  }

  private @Nullable GrantSummary nextOfPage(Instant now) {
    while (!page.isEmpty()) {
      GrantSummary each = page.remove();
      if (isDue(each, now)) {
        return each;
      }
    }
    return null;
  }

  private boolean isDue(GrantSummary each, Instant now) {
    GrantKey key = each.key();
    boolean isOurs = key.grantType().equals(Grant.connected("any").grantType());
    if (!isOurs || each.state() == GrantSummary.State.DEAD || isTold(key, each.version())) {
      return false;
    }
    Instant dueSince = now.minus(plan.idleLimit().dividedBy(3).multipliedBy(2));
    return failed.contains(key) || !lastUse(each).isAfter(dueSince);
  }

  private boolean isTold(GrantKey key, long version) {
    Long then = told.get(key);
    return then != null && then == version;
  }

  /** A write after the end of the last token brought no token: it was no use. */
  private static Instant lastUse(GrantSummary each) {
    Instant end = each.expiresAt();
    return end != null && end.isBefore(each.changedAt()) ? end : each.changedAt();
  }

  // ---- renewals

  private void renew(GrantSummary due) throws InterruptedException {
    GrantKey key = due.key();
    ConnectedGrant grant = Grant.connected(key.subject());
    GrantBook book = new GrantBook(grant, context);
    Snapshot snapshot = book.read();
    if (snapshot.record().version() != due.version() && !failed.contains(key)) {
      return;
    }
    StoredToken stored = snapshot.record().token(book.variant()).orElse(null);
    AccessToken inHand = stored == null ? null : context.keys().usable(stored.token());
    failed.remove(key);
    try {
      Renewer.Renewed unused =
          new GrantRenewer(grant, context)
              .renew(new Renewer.Task(inHand, Duration.ZERO, context.exchangeTimeout()));
      renewed.accept(key);
    } catch (GrantOverException e) {
      over(grant, book, e.over());
    } catch (TooEarlyException e) {
      failed.add(key);
    } catch (OAuthException e) {
      failed.add(key);
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} at {1} is idle and could not be renewed; it is tried again. {2}",
          grant,
          server,
          e.getMessage());
    }
  }

  private void over(Grant grant, GrantBook book, SourceState.Over over) {
    told.put(book.key(), book.read().record().version());
    if (over.reason() == Reason.LOGGED_OUT) {
      return;
    }
    String name = grant + " at " + server;
    LOG.log(System.Logger.Level.ERROR, "{0}: {1}", name, over.message());
    FlightEvents.loginRequired(name, over.reason());
    announcer.announce(
        listener ->
            listener.loginRequired(
                new RenewalListener.LoginRequired(name, over.reason(), grant.subject())));
  }

  /** Ends it; what is under way is awaited as every renewal is. */
  @Override
  public void close() {
    synchronized (lock) {
      isClosed = true;
      if (next != null) {
        next.cancel(false);
      }
    }
  }
}
