package dev.everbearer.renewal;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a token is renewed. Two points lie before its end: from the <em>soft</em> margin on it is
 * renewed in the background, from the <em>hard</em> margin on callers wait a moment for that.
 * Immutable and thread-safe; each method gives a new policy.
 *
 * <p>By default both scale with the token's life {@code L}: {@code hard = min(30 s, max(300 ms, 5 %
 * of L))}, {@code soft = hard + min(270 s, 20 % of L)}. No margin is ever above half of the life,
 * so that no token is too short to be kept.
 */
public final class RenewalPolicy {

  private static final Duration MAX_HARD = Duration.ofSeconds(30);
  private static final Duration MIN_HARD = Duration.ofMillis(300);
  private static final Duration MAX_SOFT_ABOVE_HARD = Duration.ofSeconds(270);
  private static final Duration DEFAULT_UNKNOWN_LIFE = Duration.ofHours(1);
  private static final Duration UNKNOWN_LIFE_SOFT = Duration.ofSeconds(30);
  private static final Duration UNLIMITED = Duration.ofDays(365);

  private static final RenewalPolicy STANDARD =
      new RenewalPolicy(null, null, DEFAULT_UNKNOWN_LIFE, false);

  private final @Nullable Duration fixedSoft;
  private final @Nullable Duration fixedHard;
  private final Duration unknownLife;
  private final boolean renewsIdle;

  private RenewalPolicy(
      @Nullable Duration fixedSoft,
      @Nullable Duration fixedHard,
      Duration unknownLife,
      boolean renewsIdle) {
    this.fixedSoft = fixedSoft;
    this.fixedHard = fixedHard;
    this.unknownLife = unknownLife;
    this.renewsIdle = renewsIdle;
  }

  /** The defaults. */
  public static RenewalPolicy standard() {
    return STANDARD;
  }

  /**
   * A fixed soft margin in place of the scaled one; it is cut to half of a token's life.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RenewalPolicy softMargin(Duration margin) {
    return new RenewalPolicy(requireNotNegative(margin), fixedHard, unknownLife, renewsIdle);
  }

  /**
   * A fixed hard margin in place of the scaled one; it is cut to half of a token's life, and to the
   * soft margin.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RenewalPolicy hardMargin(Duration margin) {
    return new RenewalPolicy(fixedSoft, requireNotNegative(margin), unknownLife, renewsIdle);
  }

  /**
   * How long a token is used whose server does not say how long it lives; one hour by default, and
   * with zero each token is good for one use.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RenewalPolicy unknownLife(Duration life) {
    return new RenewalPolicy(fixedSoft, fixedHard, requireNotNegative(life), renewsIdle);
  }

  /** Uses a token whose server does not say how long it lives until it is refused. */
  public RenewalPolicy unknownLifeUnlimited() {
    return unknownLife(UNLIMITED);
  }

  /**
   * Renews tokens that nobody used since they were obtained. By default they are left to die, and
   * the next caller gets a new one.
   */
  public RenewalPolicy renewIdle() {
    return new RenewalPolicy(fixedSoft, fixedHard, unknownLife, true);
  }

  private static Duration requireNotNegative(Duration duration) {
    if (Objects.requireNonNull(duration, "duration").isNegative()) {
      throw new IllegalArgumentException("A margin or life must not be negative: " + duration);
    }
    return duration;
  }

  /** How long before its end a token of this life becomes due. */
  public Duration hardMarginOf(Duration life) {
    Duration scaled = min(MAX_HARD, max(MIN_HARD, life.dividedBy(20)));
    return min(fixedHard == null ? scaled : fixedHard, life.dividedBy(2));
  }

  /** How long before its end a token of this life is renewed in the background. */
  public Duration softMarginOf(Duration life) {
    Duration hard = hardMarginOf(life);
    Duration scaled = hard.plus(min(MAX_SOFT_ABOVE_HARD, life.dividedBy(5)));
    return max(hard, min(fixedSoft == null ? scaled : fixedSoft, life.dividedBy(2)));
  }

  /** The life of a token whose server does not say. */
  public Duration unknownLife() {
    return unknownLife;
  }

  /**
   * The margins for a token whose server does not say how long it lives. Its end is our own doing,
   * so hardly anything is gained by coming early: without fixed margins it is renewed 30 seconds
   * before, and nobody waits for that.
   */
  public RenewalPolicy forUnknownLife() {
    return new RenewalPolicy(
        fixedSoft == null ? UNKNOWN_LIFE_SOFT : fixedSoft,
        fixedHard == null ? Duration.ZERO : fixedHard,
        unknownLife,
        renewsIdle);
  }

  /** Whether tokens that nobody used are renewed. */
  public boolean renewsIdle() {
    return renewsIdle;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
