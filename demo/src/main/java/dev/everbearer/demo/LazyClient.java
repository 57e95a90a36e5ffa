package dev.everbearer.demo;

/**
 * A client that asks for a new token only when the old one is gone, held against the recorded run.
 * It is not run: its fate follows from the schedule of the calls, the life of the tokens and the
 * time of the outage, all of which are known.
 */
final class LazyClient {

  private LazyClient() {}

  /**
   * How many calls it would have failed because of the outage.
   *
   * <p>Such a client has its first token when the run starts. At the first call that is due after a
   * token's end it asks for the next one: outside the outage it gets one, which lives as long as
   * the first did; inside the outage it gets 503 and has nothing to call with, so that call fails,
   * and the next call asks again. Calls are taken when they were due, not when our threads began
   * them: that client would not have waited, so its calls would have been on time. Its requests are
   * taken to need no time, which is in its favour.
   *
   * @param schedule when calls were due
   * @param life of a token
   * @param outage when the token endpoint refused
   */
  static long failures(Schedule schedule, long life, Span outage) {
    long failures = 0;
    long tokenEnd = life;
    for (long call = 0; call < schedule.calls(); call++) {
      long due = schedule.due(call);
      boolean isGone = due >= tokenEnd;
      if (isGone && outage.contains(due)) {
        failures++;
      } else if (isGone) {
        tokenEnd = due + life;
      }
    }
    return failures;
  }
}
