package dev.everbearer.renewal.internal;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * At the start, what this process and others of its host could not write before they ended is
 * written into the store; tried again while that fails.
 */
public final class OutboxReplay {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");
  private static final long RETRY_SECONDS = 1;

  private final GrantContext context;
  private final Timing timing;
  private boolean isTold; // of one run after the other

  private OutboxReplay(GrantContext context) {
    this.context = context;
    this.timing = context.timing();
  }

  /** Begins it, on a worker thread; nothing is to be done for a store that ends with us. */
  public static void begin(GrantContext context) {
    if (context.store().isDurable()) {
      OutboxReplay replay = new OutboxReplay(context);
      context.timing().worker().execute(replay::run);
    }
  }

  private void run() {
    try {
      context.uncommitted().replayAll();
    } catch (RuntimeException e) {
      LOG.log(
          isTold ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
          "What lies in the outbox {0} cannot be written ({1}); it is tried again. Check the token"
              + " store.",
          context.outbox(),
          GrantBook.shown(e));
      isTold = true;
      context.outbox().uncommitted().forEach(context.health()::left);
      Future<?> unused =
          timing
              .scheduler()
              .schedule(() -> timing.worker().execute(this::run), RETRY_SECONDS, TimeUnit.SECONDS);
    }
  }
}
