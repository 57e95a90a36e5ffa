package dev.everbearer.fleet;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Which fault comes next, and when: by a seed, so that a run can be repeated. */
final class ChaosFaults {

  private static final long MILLIS = 1_000_000;

  private final SplittableRandom random;
  private final List<ChaosNode> nodes;
  private final GrantLedger ledger;
  private final long start;
  private long next;

  ChaosFaults(long seed, List<ChaosNode> nodes, GrantLedger ledger, long start) {
    this.random = new SplittableRandom(seed);
    this.nodes = nodes;
    this.ledger = ledger;
    this.start = start;
    this.next = between(2000, 3000);
  }

  /** In nanoseconds, for bounds in milliseconds. */
  private long between(int least, int most) {
    return random.nextInt(least, most) * MILLIS;
  }

  void makeDue(long now) {
    long time = now - start;
    nodes.forEach(node -> node.recover(time));
    if (time >= next) {
      make(time);
      next = time + between(500, 2500);
    }
  }

  /** All numbers are drawn in any case, so that what comes later does not depend on the time. */
  private void make(long time) {
    int kind = random.nextInt(100);
    ChaosNode node = nodes.get(random.nextInt(nodes.size()));
    long dead = time + between(100, 1500);
    // The longest are past the lease, which is the exchange's second and ten more.
    long frozen = time + between(1000, 14_000);
    int delay = random.nextInt(200, 700);
    if (kind < 10) {
      ledger.loseNextAnswer();
    } else if (kind < 30) {
      ledger.delayNextAnswers(Duration.ofMillis(delay));
    } else if (node.isUp() && kind < 80) {
      node.kill(dead);
    } else if (node.isUp()) {
      node.freeze(frozen);
    }
  }
}
