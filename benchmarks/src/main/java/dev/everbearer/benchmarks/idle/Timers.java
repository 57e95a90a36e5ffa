package dev.everbearer.benchmarks.idle;

import dev.everbearer.OAuthClient;
import dev.everbearer.benchmarks.clients.InstantHttpClient;
import dev.everbearer.benchmarks.clients.TokenServer;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * What sources cost that hold a token and are not used: each has a timer for the moment when its
 * token becomes due, and is left to idle then.
 *
 * @param bytesEach bytes for each source, token and timer and strings included
 * @param quietShare of one core, what the thread of the timers took while none rang
 * @param microsEach what that thread took for each timer that rang
 */
record Timers(int sources, double bytesEach, double quietShare, double microsEach) {

  private static final String ANSWER =
      "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}";

  private static final int AT_ONCE = 32;

  static Timers of(int count) {
    List<Grant> grants = grants(count);
    return new Timers(count, 0, 0, ringing(grants)).withQuiet(grants);
  }

  /** What the thread of the timers takes until each timer rang once. */
  private static double ringing(List<Grant> grants) {
    Duration life = Duration.ofSeconds(3 + 27L * grants.size() / 100_000);
    try (OAuthClient client = client(life)) {
      client.tokens(Heap.FIRST).token();
      double before = cpuNanos();
      open(client, grants);
      sleep(life);
      return (cpuNanos() - before) / 1000 / grants.size();
    }
  }

  private Timers withQuiet(List<Grant> grants) {
    Duration quiet = Duration.ofMillis(100 + 5000L * sources / 100_000);
    try (OAuthClient client = client(TokenServer.LONG_LIFE)) {
      client.tokens(Heap.FIRST).token();
      long usedBefore = Heap.used();
      open(client, grants);
      double bytes = (double) (Heap.used() - usedBefore) / sources;
      double before = cpuNanos();
      sleep(quiet);
      return new Timers(sources, bytes, (cpuNanos() - before) / quiet.toNanos(), microsEach);
    }
  }

  private static void open(OAuthClient client, List<Grant> grants) {
    List<TokenSource> sources = grants.stream().map(client::tokens).toList();
    for (int i = 0; i < sources.size(); i += AT_ONCE) {
      List<TokenSource> some = sources.subList(i, Math.min(sources.size(), i + AT_ONCE));
      some.forEach(TokenSource::warmUp);
      some.forEach(Timers::awaitToken);
    }
  }

  /** Each has a place of its own in the store, as the grants of so many people have. */
  private static List<Grant> grants(int count) {
    return IntStream.range(0, count).mapToObj(i -> grant("refresh-" + i)).toList();
  }

  private static Grant grant(String refreshToken) {
    return Grant.refreshToken(refreshToken);
  }

  private static OAuthClient client(Duration life) {
    String answer = ANSWER.formatted("t".repeat(40), life.toSeconds());
    return OAuthClient.builder()
        .tokenEndpoint("http://127.0.0.1:1/token")
        .clientSecretBasic("id", "secret")
        .httpClient(new InstantHttpClient("application/json", answer))
        .build();
  }

  private static void awaitToken(TokenSource source) {
    while (source.state() == TokenState.EMPTY) {
      LockSupport.parkNanos(20_000);
    }
  }

  private static void sleep(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    while (until - System.nanoTime() > 0) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  /** What the thread of the timers took of the processor so far. */
  private static double cpuNanos() {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(timerThread());
  }

  private static long timerThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("everbearer-timer"))
        .mapToLong(Thread::getId)
        .max()
        .orElseThrow();
  }
}
