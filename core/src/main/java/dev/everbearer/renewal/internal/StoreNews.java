package dev.everbearer.renewal.internal;

/** What a grant's record says that the source does not know yet. */
sealed interface StoreNews {

  /** Nothing of use. */
  record Nothing() implements StoreNews {}

  /** Somebody has renewed it, or logged in. */
  record Newer(Renewer.Renewed renewed) implements StoreNews {}

  /** There was a login, or what was thought to be over lives: the token in hand is of the past. */
  record Anew() implements StoreNews {}

  /**
   * The grant is over.
   *
   * @param endsTokens whether the token in hand is out of use as well
   */
  record Ended(SourceState.Over over, boolean endsTokens) implements StoreNews {}

  /** Nothing of use. */
  StoreNews NOTHING = new Nothing();
}
