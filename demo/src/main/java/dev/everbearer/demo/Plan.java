package dev.everbearer.demo;

/**
 * When the troubles of a run are due, in nanoseconds since its start.
 *
 * @param outageFrom the earliest start of the outage
 * @param outageLatest its start at the latest, whether or not a renewal is near
 * @param outageLength how long it lasts; zero for none
 * @param revocationFrom the earliest moment of the revocation
 */
record Plan(long outageFrom, long outageLatest, long outageLength, long revocationFrom) {

  /** None of both; chaos has its own. */
  private static final Plan NONE = new Plan(0, 0, 0, 0);

  static Plan of(DemoOptions options) {
    if (options.chaos()) {
      return NONE;
    }
    long run = options.duration().toNanos();
    long outage = options.outage().toNanos();
    long room = run - outage;
    return new Plan(
        Math.min(run * 3 / 10, room), Math.min(run * 6 / 10, room), outage, run * 7 / 10);
  }

  boolean hasOutage() {
    return outageLength > 0;
  }
}
