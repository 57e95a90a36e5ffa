package dev.everbearer.benchmarks.calls;

import dev.everbearer.OAuthClient;
import dev.everbearer.benchmarks.clients.InstantHttpClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

/**
 * What the wrapper alone adds to a call: both clients answer at once, so that no network drowns the
 * difference. Hold it against what a real call takes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class WrapperCostBenchmark {

  private ScriptedAuthorizationServer server;
  private OAuthClient oauth;
  private HttpClient bare;
  private HttpClient wrapped;
  private HttpRequest request;

  /** Both clients, and a token that stays fresh. */
  @Setup
  public void start() {
    server = ScriptedAuthorizationServer.builder().recording(false).start();
    server.registerClient("id", "secret");
    server.accessTokenLifetime(Duration.ofHours(10));
    oauth =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .clientSecretBasic("id", "secret")
            .build();
    bare = new InstantHttpClient();
    wrapped =
        oauth.http().bind(Grant.clientCredentials(), "https://api.example.com").over(bare).build();
    request = HttpRequest.newBuilder(URI.create("https://api.example.com/user")).build();
    oauth.tokens(Grant.clientCredentials()).token();
  }

  /** Ends both. */
  @TearDown
  public void stop() {
    oauth.close();
    server.close();
  }

  /** The baseline. */
  @Benchmark
  public HttpResponse<Void> bareClient() throws IOException, InterruptedException {
    return bare.send(request, BodyHandlers.discarding());
  }

  /** The wrapped client. */
  @Benchmark
  public HttpResponse<Void> wrappedClient() throws IOException, InterruptedException {
    return wrapped.send(request, BodyHandlers.discarding());
  }
}
