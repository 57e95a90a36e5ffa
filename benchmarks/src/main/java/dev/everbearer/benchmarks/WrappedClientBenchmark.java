package dev.everbearer.benchmarks;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
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
 * A call through a wrapped client, beside the same client with a header written by hand. Each call
 * builds its request, as programs do.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
@Fork(3)
@State(Scope.Benchmark)
public class WrappedClientBenchmark {

  private ScriptedAuthorizationServer authorizationServer;
  private Server api;
  private OAuthClient oauth;
  private HttpClient bare;
  private HttpClient wrapped;
  private URI uri;
  private String authorization;

  /** A loopback API that answers three bytes to everything, and both clients over one. */
  @Setup
  public void start() throws Exception {
    authorizationServer = ScriptedAuthorizationServer.builder().recording(false).start();
    authorizationServer.registerClient("id", "secret");
    authorizationServer.accessTokenLifetime(Duration.ofHours(10));
    api = new Server();
    ServerConnector connector = new ServerConnector(api);
    connector.setHost("127.0.0.1");
    api.addConnector(connector);
    api.setHandler(new Ok());
    api.start();
    String origin = "http://127.0.0.1:" + connector.getLocalPort();
    oauth =
        OAuthClient.builder()
            .tokenEndpoint(authorizationServer.tokenEndpoint().toString())
            .clientSecretBasic("id", "secret")
            .build();
    bare = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    wrapped = oauth.http().bind(Grant.clientCredentials(), origin).over(bare).build();
    uri = URI.create(origin + "/user");
    authorization = oauth.tokens(Grant.clientCredentials()).token().authorization();
  }

  /** Ends all. */
  @TearDown
  public void stop() throws Exception {
    oauth.close();
    api.stop();
    authorizationServer.close();
  }

  /** The baseline: the same client, with the header written into the request. */
  @Benchmark
  public String fixedHeader() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Authorization", authorization).build();
    return bare.send(request, BodyHandlers.ofString()).body();
  }

  /** The wrapped client. */
  @Benchmark
  public String wrappedClient() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return wrapped.send(request, BodyHandlers.ofString()).body();
  }

  private static final class Ok extends Handler.Abstract {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.write(true, ByteBuffer.wrap("ok\n".getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }
  }
}
