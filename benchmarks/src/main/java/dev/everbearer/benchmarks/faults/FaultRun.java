package dev.everbearer.benchmarks.faults;

import dev.everbearer.benchmarks.clients.BearerApi;
import dev.everbearer.benchmarks.clients.Pace;
import dev.everbearer.benchmarks.clients.Peer;
import dev.everbearer.benchmarks.clients.TokenClient;
import dev.everbearer.benchmarks.clients.TokenServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One client under one fault. */
final class FaultRun {

  private static final int CALLERS = 4;
  private static final Duration STEP = Duration.ofMillis(50);

  private final Fault fault;
  private final Peer peer;
  private final FaultTiming timing;

  FaultRun(Fault fault, Peer peer, FaultTiming timing) {
    this.fault = fault;
    this.peer = peer;
    this.timing = timing;
  }

  /**
   * What became of the calls.
   *
   * @param failed how many were refused, broke, or were not answered in time
   * @param tokenRequests how many requests the token endpoint got
   */
  record Outcome(int calls, int failed, int tokenRequests) {}

  Outcome run() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    ScheduledExecutorService troubles = Executors.newSingleThreadScheduledExecutor();
    try (TokenServer server = TokenServer.start(timing.life());
        BearerApi api = new BearerApi(server);
        TokenClient client = peer.open(server, timing.margin())) {
      client.lookUp();
      Future<?> begin = at(troubles, timing.from(), () -> begin(server));
      Future<?> end = at(troubles, timing.until(), () -> server.scripted().answerHealthy());
      Outcome outcome = call(callers, api, client, server);
      begin.get();
      end.get();
      return outcome;
    } finally {
      callers.shutdownNow();
      troubles.shutdownNow();
    }
  }

  private void begin(TokenServer server) {
    server.scripted().answerAlways(fault.answer());
  }

  private static Future<?> at(
      ScheduledExecutorService troubles, Duration moment, Runnable trouble) {
    return troubles.schedule(trouble, moment.toNanos(), TimeUnit.NANOSECONDS);
  }

  private Outcome call(
      ExecutorService callers, BearerApi api, TokenClient client, TokenServer server)
      throws InterruptedException, ExecutionException {
    Pace pace = new Pace(STEP);
    int calls = pace.countIn(timing.total());
    List<Future<Integer>> failures = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      failures.add(callers.submit(() -> failures(pace, calls, api, client)));
    }
    int failed = 0;
    for (Future<Integer> each : failures) {
      failed += each.get();
    }
    return new Outcome(calls * CALLERS, failed, server.requests());
  }

  private int failures(Pace pace, int calls, BearerApi api, TokenClient client) {
    int failed = 0;
    for (int i = 0; i < calls; i++) {
      pace.await(i);
      boolean isGood = isGood(api, client) && pace.millisSince(i) <= timing.patience().toMillis();
      failed += isGood ? 0 : 1;
    }
    return failed;
  }

  private static boolean isGood(BearerApi api, TokenClient client) {
    try {
      return api.call(client.authorization()) == 200;
    } catch (Exception e) {
      return false; // However it failed, the caller has no answer.
    }
  }
}
