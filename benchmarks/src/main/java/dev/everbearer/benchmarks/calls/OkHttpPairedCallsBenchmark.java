package dev.everbearer.benchmarks.calls;

import dev.everbearer.okhttp.OAuthInterceptor;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
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
 * A call by an OkHttpClient with the interceptor, and one by the same client with a header written
 * by hand, in turn, as {@link PairedCallsBenchmark} does it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 8, time = 5)
@Fork(3)
@State(Scope.Benchmark)
public class OkHttpPairedCallsBenchmark {

  private CalledApi api;
  private OkHttpClient bare;
  private OkHttpClient authorized;
  private String authorization;
  private boolean isAuthorizedFirst;

  /** A loopback API, and both clients over one. */
  @Setup
  public void start() throws Exception {
    api = CalledApi.start();
    bare = new OkHttpClient();
    authorized =
        OAuthInterceptor.of(api.client().authorizer().bind(CalledApi.GRANT, api.origin()).build())
            .over(bare);
    authorization = api.authorization();
  }

  /** Ends all. */
  @TearDown
  public void stop() throws Exception {
    bare.dispatcher().executorService().shutdown();
    bare.connectionPool().evictAll();
    api.close();
  }

  private String fixedHeader() throws IOException {
    return body(
        bare, new Request.Builder().url(api.url()).header("Authorization", authorization).build());
  }

  private String withInterceptor() throws IOException {
    return body(authorized, new Request.Builder().url(api.url()).build());
  }

  private static String body(OkHttpClient client, Request request) throws IOException {
    try (Response response = client.newCall(request).execute()) {
      return response.body().string();
    }
  }

  /** One call of each, the other one first each time. */
  @Benchmark
  public int pair(PairedCallsBenchmark.Medians medians) throws IOException {
    isAuthorizedFirst = !isAuthorizedFirst;
    long start = System.nanoTime();
    String first = isAuthorizedFirst ? withInterceptor() : fixedHeader();
    long between = System.nanoTime();
    String second = isAuthorizedFirst ? fixedHeader() : withInterceptor();
    long end = System.nanoTime();
    long one = between - start;
    long other = end - between;
    medians.add(isAuthorizedFirst ? other : one, isAuthorizedFirst ? one : other);
    return first.length() + second.length();
  }
}
