package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.Instant;

/** What happens to a refresh token that is used, and to one that is used again. Immutable. */
public final class RefreshPolicy {

  /** What a used refresh token leads to when it is used again in time. */
  public enum Successor {
    /** The refresh token that the first use led to. */
    SAME_CHILD,
    /** One more refresh token. */
    NEW_CHILD
  }

  /**
   * Each use leads to a new refresh token. A token that is used again is refused, and everything
   * that came from the same login is revoked, access tokens included.
   */
  public static final RefreshPolicy STRICT =
      new RefreshPolicy("STRICT", true, true, Duration.ZERO, Successor.SAME_CHILD);

  /**
   * Each use leads to a new refresh token. A token that is used again is refused, and nothing else
   * happens.
   */
  public static final RefreshPolicy REFUSE_REUSE =
      new RefreshPolicy("REFUSE_REUSE", true, false, Duration.ZERO, Successor.SAME_CHILD);

  /** The same refresh token goes on being valid; answers carry none. */
  public static final RefreshPolicy NO_ROTATION =
      new RefreshPolicy("NO_ROTATION", false, false, Duration.ZERO, Successor.SAME_CHILD);

  private final String name;
  private final boolean rotating;
  private final boolean revokingFamily;
  private final Duration window;
  private final Successor successor;

  private RefreshPolicy(
      String name, boolean rotating, boolean revokingFamily, Duration window, Successor successor) {
    this.name = name;
    this.rotating = rotating;
    this.revokingFamily = revokingFamily;
    this.window = window;
    this.successor = successor;
  }

  /**
   * As {@link #STRICT}, but a token may be used again for a time after its first use.
   *
   * @param length how long, by the server's clock; at its very end the time is over
   * @param successor which refresh token a repeated use leads to
   */
  public static RefreshPolicy window(Duration length, Successor successor) {
    return new RefreshPolicy("window(" + length + ")", true, true, length, successor);
  }

  boolean isRotating() {
    return rotating;
  }

  boolean isRevokingFamily() {
    return revokingFamily;
  }

  boolean forgives(Instant firstUse, Instant now) {
    return now.isBefore(firstUse.plus(window));
  }

  boolean isGivingSameChild() {
    return successor == Successor.SAME_CHILD;
  }

  @Override
  public String toString() {
    return name;
  }
}
