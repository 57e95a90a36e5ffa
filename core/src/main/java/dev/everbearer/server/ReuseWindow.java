package dev.everbearer.server;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For how long a server takes a refresh token that it has replaced already (RFC 9700 section
 * 4.14.2). It decides what may be done when the answer to a refresh was lost: inside the window the
 * same token may be sent again, outside of it the server may revoke the whole grant for that.
 * Immutable and thread-safe.
 */
public final class ReuseWindow {

  /** What a server answers to a refresh token that it has replaced, inside the window. */
  public enum Successor {
    /** The same new token as before. */
    SAME,
    /** Another new token, and the one before stays good. */
    BESIDE,
    /** Another new token, and the one before is over; also where it is not known. */
    INSTEAD
  }

  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final ReuseWindow UNKNOWN = new ReuseWindow(null, Successor.INSTEAD);
  private static final ReuseWindow NONE = new ReuseWindow(Duration.ZERO, Successor.INSTEAD);
  private static final ReuseWindow UNLIMITED = new ReuseWindow(FOREVER, Successor.INSTEAD);

  private final @Nullable Duration length;
  private final Successor successor;

  private ReuseWindow(@Nullable Duration length, Successor successor) {
    this.length = length;
    this.successor = successor;
  }

  /** Nothing is known; treated with the care of {@link #none()}. */
  public static ReuseWindow unknown() {
    return UNKNOWN;
  }

  /** A replaced refresh token is over at once. */
  public static ReuseWindow none() {
    return NONE;
  }

  /** Refresh tokens are not replaced, or old ones stay good. */
  public static ReuseWindow unlimited() {
    return UNLIMITED;
  }

  /**
   * A replaced refresh token is taken for a while.
   *
   * @param length from its first use on
   * @throws IllegalArgumentException unless it is positive
   */
  public static ReuseWindow of(Duration length) {
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("A window is longer than nothing: " + length);
    }
    return new ReuseWindow(length, Successor.INSTEAD);
  }

  /** The same window, with this answer inside it; {@link Successor#INSTEAD} by default. */
  public ReuseWindow giving(Successor answer) {
    return new ReuseWindow(length, Objects.requireNonNull(answer, "answer"));
  }

  /** Whether the server's way is known. */
  public boolean isKnown() {
    return length != null;
  }

  /** Whether old refresh tokens stay good. */
  public boolean isUnlimited() {
    return FOREVER.equals(length);
  }

  /** The length, zero without a window; empty when it is not known, or unlimited. */
  public Optional<Duration> length() {
    return isUnlimited() ? Optional.empty() : Optional.ofNullable(length);
  }

  /** What comes for a replaced token inside the window. */
  public Successor successor() {
    return successor;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReuseWindow that
        && Objects.equals(length, that.length)
        && successor == that.successor;
  }

  @Override
  public int hashCode() {
    return Objects.hash(length, successor);
  }

  /** Such as {@code unknown}, {@code none}, {@code unlimited} or {@code 30 s}. */
  @Override
  public String toString() {
    if (length == null) {
      return "unknown";
    }
    return isUnlimited() ? "unlimited" : length.isZero() ? "none" : length.toSeconds() + " s";
  }
}
