package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.store.GrantRecord;
import dev.everbearer.token.LoginRequiredException.Reason;
import java.time.Duration;
import java.time.Instant;

/** What to do next for a new token. */
public sealed interface Step {

  /**
   * Write the record, and if nobody came in between send the refresh token in it.
   *
   * @param next holds the lease, and the sender
   * @param sendWithin how long after the record was read the request may still leave
   * @param limit how long the exchange may take
   */
  record Take(GrantRecord next, Claim claim, Duration sendWithin, Duration limit) implements Step {}

  /** Write the record, and look again: it is as it was, but for what is over. */
  record Write(GrantRecord next) implements Step {}

  /**
   * Nothing before a time, or before the record changes.
   *
   * @param until by the store's clock
   */
  record Wait(Instant until, Why why) implements Step {

    /**
     * Whether another process is waited for, and not an earlier request of one's own.
     *
     * @param owner one's own name
     */
    public boolean isForOther(GrantRecord record, String owner) {
      boolean hasOther =
          record.rotation().senders().stream().anyMatch(each -> !each.owner().equals(owner));
      return why == Why.LEASE || (why == Why.SENDER && hasOther);
    }
  }

  /** Nothing any more: only a login brings the next token. */
  record Over(Reason reason) implements Step {}

  /** What is waited for. */
  enum Why {
    /** Somebody else renews. */
    LEASE,
    /** Somebody sent the token and may still show the answer. */
    SENDER,
    /** A request that was given up may still be processed by the server. */
    QUIET,
    /** The same, where the server takes a token that it has replaced for a while longer. */
    WINDOW,
    /** The access token in hand is used up first. */
    TOKEN_IN_HAND,
    /** The server is in trouble, and all stay away for a while. */
    BACK_OFF
  }
}
