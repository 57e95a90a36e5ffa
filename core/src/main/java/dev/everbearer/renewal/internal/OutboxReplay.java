package dev.everbearer.renewal.internal;

import java.util.concurrent.RejectedExecutionException;

/**
 * At the start, what this process and others of its host could not write before they ended is
 * written into the store; tried again while that fails.
 */
public final class OutboxReplay {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private final GrantContext context;

  private OutboxReplay(GrantContext context) {
    this.context = context;
  }

  /** Begins it, on a worker thread; nothing is to be done for a store that ends with us. */
  public static void begin(GrantContext context) {
    if (context.store().isDurable()) {
      OutboxReplay replay = new OutboxReplay(context);
      try {
        context.timing().worker().execute(replay::run);
      } catch (RejectedExecutionException e) {
        context.retries().until(context.timing(), replay::replay);
      }
    }
  }

  private void run() {
    try {
      replay();
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "What lies in the outbox {0} cannot be written ({1}); it is tried again. Check the token"
              + " store.",
          context.outbox(),
          GrantBook.shown(e));
      context.outbox().uncommitted().forEach(context.health()::left);
      context.retries().until(context.timing(), this::replay);
    }
  }

  private void replay() {
    context.uncommitted().replayAll();
  }
}
