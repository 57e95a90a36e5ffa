package dev.everbearer.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The demo: an authorization server with short-lived tokens, a protected API, and a program that
 * has to keep calling it through an outage and a revocation, or through chaos.
 */
public final class Demo {

  /** What the numbers of the JSON object mean, for a help text. */
  public static final String JSON_KEYS =
      """
      calls               calls that were made
      failedCalls         calls that threw, or were answered with anything but 200
      callsNotMade        calls that were due, but all threads were busy until the end
      tokenRequests       requests to the token endpoint as the server counted them,
                          those that met an outage or another fault included
      backgroundRenewals  tokens obtained while the one before was still good
      waitedCalls         calls that had to wait for a token, also for the successor
                          of a token that the API refused
      healed401           calls whose 401 was mended by a new token, unseen by the caller
      p50Millis           latency of half of the calls, at most
      p99Millis           latency of 99 of 100 calls, at most; both are counted from when
                          a call was due, so that time spent waiting for a thread counts
      durationSeconds     from the start of the run to the end of its last call
      With --chaos also:
      seed                what repeats the run with the same duration and token lifetime
      faults              an object: how many token requests met each kind of fault
      clockSteps          how often the client's wall clock was set, wrong or right
      revocations         tokens that were revoked while they were the newest
      threadsAtStart, threadsAtEnd, threadsMax
                          threads of servers and client, those that call left out
      heapMiBAtStart, heapMiBAtEnd
                          the heap after a garbage collection
      """;

  /** No call failed, and no thread was stuck. */
  static final int GOOD = 0;

  /**
   * Calls failed or were not made, the process grew without bounds, or the run could not be made.
   */
  static final int FAILED = 1;

  /** The options make no sense. */
  static final int MISUSED = 2;

  private Demo() {}

  /**
   * Runs the demo to its end. A run takes {@code duration} and a few seconds for the servers.
   *
   * @param out gets the summary, or the one JSON object and nothing else
   * @param err gets the progress, unless JSON is wanted, and errors
   * @return the exit status: 0 only if no call failed; 1 if one did, if calls were not made because
   *     a thread was held up longer than a call may wait, if the run could not be made, or if in
   *     chaos of a minute or more the heap or the threads grew; 2 if the options make no sense,
   *     then nothing was started
   */
  public static int run(DemoOptions options, PrintStream out, PrintStream err) {
    Optional<String> problem = OptionsCheck.problem(options);
    if (problem.isPresent()) {
      complain(err, problem.get());
      return MISUSED;
    }
    return QuietLibrary.during(() -> make(options, out, err));
  }

  private static int make(DemoOptions options, PrintStream out, PrintStream err) {
    try {
      RunResult result = new DemoRun(options, progress(options, err)).run();
      out.println(options.json() ? JsonReport.of(result) : TextReport.of(result));
      out.flush();
      boolean isDrawn = draw(options, result, err);
      return result.isGood() && isDrawn ? GOOD : FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      complain(err, "The run was interrupted.");
    } catch (RuntimeException e) {
      complain(err, "The run could not be made: " + e.getMessage());
    }
    return FAILED;
  }

  private static Progress progress(DemoOptions options, PrintStream err) {
    if (options.json()) {
      return Progress.SILENT;
    }
    return Terminal.isBehind(err) ? new LiveLine(err) : new PlainLines(err);
  }

  private static boolean draw(DemoOptions options, RunResult result, PrintStream err) {
    Path file = options.chart().orElse(null);
    if (file == null) {
      return true;
    }
    try {
      ChartFile.write(file, RunChart.of(result));
      return true;
    } catch (IOException e) {
      complain(err, "The chart could not be written: " + e);
      return false;
    }
  }

  private static void complain(PrintStream err, String text) {
    err.println("everbearer demo: " + text);
  }
}
