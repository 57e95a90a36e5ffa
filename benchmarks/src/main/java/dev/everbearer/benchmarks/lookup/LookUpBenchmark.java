package dev.everbearer.benchmarks.lookup;

import dev.everbearer.benchmarks.clients.MsalClient;
import dev.everbearer.benchmarks.clients.Peer;
import dev.everbearer.benchmarks.clients.TokenClient;
import dev.everbearer.benchmarks.clients.TokenServer;
import java.time.Duration;
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

/**
 * A look-up of a fresh token by each client, beside the one clock read that none can do without.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class LookUpBenchmark {

  private static final String MSAL = "MSAL4J";
  private static final Duration MARGIN = Duration.ofMinutes(5);

  /** A client with a token that stays fresh for the whole run; public for the harness. */
  @State(Scope.Benchmark)
  public static class Client {

    /** A {@link Peer}, or MSAL4J. */
    @Param({"EVERBEARER", "SPRING_SECURITY", "GOOGLE_AUTH", MSAL})
    public String client = "";

    private TokenServer server;
    private TokenClient opened;

    /** Obtains the token. */
    @Setup
    public void start() throws Exception {
      server = TokenServer.start(TokenServer.LONG_LIFE);
      opened = client.equals(MSAL) ? new MsalClient() : Peer.valueOf(client).open(server, MARGIN);
      opened.lookUp();
    }

    /** Ends both; a client that asked again did not look a token up. */
    @TearDown
    public void stop() {
      opened.close();
      int requests = opened instanceof MsalClient msal ? msal.requests() : server.requests();
      server.close();
      if (requests != 1) {
        throw new IllegalStateException(client + " asked for %d tokens.".formatted(requests));
      }
    }
  }

  /** The baseline: one read of the monotonic clock. */
  @Benchmark
  public long nanoTime() {
    return System.nanoTime();
  }

  /** The look-up. */
  @Benchmark
  public Object lookUp(Client client) throws Exception {
    return client.opened.lookUp();
  }
}
