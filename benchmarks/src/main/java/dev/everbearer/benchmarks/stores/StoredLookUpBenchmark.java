package dev.everbearer.benchmarks.stores;

import dev.everbearer.benchmarks.clients.TokenServer;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.TokenSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A look-up of a fresh token whose grant is in a store. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class StoredLookUpBenchmark {

  /** Where the grant is kept. */
  @Param public StoreKind store = StoreKind.MEMORY;

  private TokenServer server;
  private SharedStore shared;
  private Nodes nodes;
  private TokenSource source;

  /** Renews the grant once. */
  @Setup
  public void start() throws Exception {
    server = TokenServer.start(TokenServer.LONG_LIFE);
    shared = store.start();
    nodes = Nodes.start(server, shared);
    source = nodes.clients().get(0).tokens(Grant.refreshToken(server.refreshToken()));
    source.token();
  }

  /** Ends all; a source that asked again did not look a token up. */
  @TearDown
  public void stop() throws Exception {
    nodes.close();
    shared.close();
    int requests = server.requests();
    server.close();
    if (requests != 1) {
      throw new IllegalStateException("%s: %d renewals.".formatted(store, requests));
    }
  }

  /** The look-up. */
  @Benchmark
  public AccessToken lookUp() {
    return source.token();
  }
}
