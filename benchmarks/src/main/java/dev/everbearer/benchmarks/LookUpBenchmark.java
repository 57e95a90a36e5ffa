package dev.everbearer.benchmarks;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A look-up of a fresh token, beside the one clock read that it cannot do without. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class LookUpBenchmark {

  private ScriptedAuthorizationServer server;
  private OAuthClient client;
  private TokenSource source;

  /** A source with a token that stays fresh for the whole run. */
  @Setup
  public void start() {
    server = ScriptedAuthorizationServer.builder().recording(false).start();
    server.registerClient("id", "secret");
    server.accessTokenLifetime(Duration.ofHours(10));
    client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .clientSecretBasic("id", "secret")
            .build();
    source = client.tokens(Grant.clientCredentials());
    source.token();
  }

  /** Ends both. */
  @TearDown
  public void stop() {
    client.close();
    server.close();
  }

  /** The baseline: one read of the monotonic clock. */
  @Benchmark
  public long nanoTime() {
    return System.nanoTime();
  }

  /** The look-up. */
  @Benchmark
  public AccessToken token() {
    return source.token();
  }
}
