package dev.everbearer.benchmarks.calls;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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

  private CalledApi api;
  private HttpClient bare;
  private HttpClient wrapped;
  private URI uri;
  private String authorization;

  /** A loopback API that answers three bytes to everything, and both clients over one. */
  @Setup
  public void start() throws Exception {
    api = CalledApi.start();
    bare = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    wrapped = api.client().http().bind(CalledApi.GRANT, api.origin()).over(bare).build();
    uri = URI.create(api.url());
    authorization = api.authorization();
  }

  /** Ends all. */
  @TearDown
  public void stop() throws Exception {
    api.close();
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
}
