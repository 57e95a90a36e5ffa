package dev.everbearer.demo;

import dev.everbearer.demo.ChaosEvent.Fault;
import dev.everbearer.demo.ChaosEvent.Revocation;
import dev.everbearer.demo.ChaosEvent.Trouble;
import dev.everbearer.demo.ChaosEvent.WrongClock;
import dev.everbearer.demo.server.TokenFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which troubles a chaotic run has, by its seed, its duration and the life of its tokens alone.
 * None of them is one for which a call need fail:
 *
 * <ul>
 *   <li>a fault ends, and the next attempt comes, long before a call that waits for a token gives
 *       up; and that attempt is made before the next fault begins;
 *   <li>no API refuses so many tokens in a minute that renewals because of it are put off.
 * </ul>
 *
 * <p>A fault waits for the first request that meets it, which comes within the life of a token. So
 * each fault that is planned is met. They are dealt like cards: each kind comes before any comes
 * twice more. Times are milliseconds in here.
 */
final class ChaosSchedule {

  /** How long an exchange may take in a chaotic run; the client is set up by it. */
  static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(3);

  /** How long a caller waits at most from one attempt to the next: the library's own promise. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  static final Duration SHORTEST_FAULT = Duration.ofMillis(200);
  static final Duration LONGEST_FAULT = Duration.ofSeconds(8);

  /** Three renewals a minute may be forced by refusals. */
  static final Duration BETWEEN_REVOCATIONS = Duration.ofSeconds(25);

  /** How much longer than the life of a token a run must be, so that a fault has room in it. */
  static final Duration ROOM = Duration.ofSeconds(10);

  private static final long NANOS = 1_000_000L;
  private static final Duration HOURS = Duration.ofHours(12);

  private final long duration;
  private final long lifetime;
  private final List<ChaosEvent> events = new ArrayList<>();
  private SplittableRandom random;

  private ChaosSchedule(SplittableRandom random, long duration, long lifetime) {
    this.random = random;
    this.duration = duration;
    this.lifetime = lifetime;
  }

  /** All troubles that end within the duration, by their start. */
  static List<ChaosEvent> of(long seed, Duration duration, Duration tokenLifetime) {
    SplittableRandom root = new SplittableRandom(seed);
    ChaosSchedule schedule =
        new ChaosSchedule(root.split(), duration.toMillis(), tokenLifetime.toMillis());
    schedule.faults();
    schedule.random = root.split();
    schedule.revocations();
    schedule.random = root.split();
    schedule.clocks();
    schedule.events.sort(Comparator.comparingLong(ChaosEvent::start));
    return List.copyOf(schedule.events);
  }

  /** How long after the end of a fault the next attempt comes at the latest. */
  static Duration tail(TokenFault fault) {
    if (fault.isEndless()) {
      return EXCHANGE_TIMEOUT.plus(LONGEST_PAUSE);
    }
    return fault.saysWhen() ? TokenFault.RETRY_AFTER.plus(LONGEST_PAUSE) : LONGEST_PAUSE;
  }

  private void faults() {
    List<TokenFault> deck = new ArrayList<>();
    long at = between(500, 1500);
    while (true) {
      if (deck.isEmpty()) {
        deck = shuffled();
      }
      TokenFault fault = deck.remove(deck.size() - 1);
      long reserved = lifetime + tail(fault).toMillis();
      long length = Math.min(faultLength(), duration - at - reserved);
      if (length < SHORTEST_FAULT.toMillis()) {
        return;
      }
      add(new Fault(fault), at, length);
      at += length + reserved + between(300, 2000);
    }
  }

  /** Half of them meet one or two requests, others outlast the margin or the token itself. */
  private long faultLength() {
    return switch ((int) between(0, 5)) {
      case 0, 1, 2 -> between(SHORTEST_FAULT.toMillis(), 1000);
      case 3, 4 -> between(1000, 4000);
      default -> between(4000, LONGEST_FAULT.toMillis());
    };
  }

  private List<TokenFault> shuffled() {
    List<TokenFault> rest = new ArrayList<>(List.of(TokenFault.values()));
    List<TokenFault> deck = new ArrayList<>();
    while (!rest.isEmpty()) {
      deck.add(rest.remove((int) between(0, rest.size() - 1L)));
    }
    return deck;
  }

  private void revocations() {
    long at = between(2000, 8000);
    while (at < duration) {
      add(new Revocation(), at, 0);
      at += between(BETWEEN_REVOCATIONS.toMillis(), 45_000);
    }
  }

  private void clocks() {
    long at = between(3000, 6000);
    boolean isAhead = between(0, 1) == 0;
    while (at < duration) {
      Duration amount = Duration.ofSeconds(wrongSeconds());
      long length = between(4000, 20_000);
      add(new WrongClock(isAhead ? amount : amount.negated()), at, length);
      isAhead = !isAhead;
      at += length + between(4000, 20_000);
    }
  }

  private long wrongSeconds() {
    return switch ((int) between(0, 3)) {
      case 0 -> between(1, 59);
      case 1 -> between(600, HOURS.toSeconds());
      default -> between(60, 600);
    };
  }

  private void add(Trouble trouble, long at, long length) {
    if (at + length <= duration) {
      events.add(new ChaosEvent(trouble, at * NANOS, length * NANOS));
    }
  }

  /** By nextLong alone, which is the same on every JDK. */
  private long between(long from, long to) {
    return from + Math.floorMod(random.nextLong(), to - from + 1);
  }
}
