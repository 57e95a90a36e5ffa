package dev.everbearer.wire;

import dev.everbearer.wire.TransportException.Trouble;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The transport over {@code java.net.http}. One client is kept; a call that must not meet a dead
 * pooled connection gets one of its own. Thread-safe.
 */
public final class JdkTransport implements Transport {

  /**
   * Makes clients.
   *
   * @param plain shows no certificate
   * @param certified shows the client certificate as it is now
   */
  public record Clients(Supplier<HttpClient> plain, Supplier<HttpClient> certified) {

    HttpClient make(@Nullable String certificate) {
      return (certificate == null ? plain : certified).get();
    }
  }

  /** What the platform waits for, it waits for in real time, whatever clock we were given. */
  private static final LongSupplier REAL_NANOS = System::nanoTime;

  /** No limit: another one ends it. */
  private static final Duration WATCHED = Duration.ofDays(1);

  private final ClientPools pools;
  private final Consumer<HttpRequest.Builder> customizer;
  private final InstantSource wall;

  /** What proves something by standing there once. */
  private static final List<String> ONCE =
      List.of("DPoP", "OAuth-Client-Attestation", "OAuth-Client-Attestation-PoP");

  private JdkTransport(
      ClientPools pools, Consumer<HttpRequest.Builder> customizer, InstantSource wall) {
    this.pools = pools;
    this.customizer = customizer;
    this.wall = wall;
  }

  /** Over clients that this transport makes, when first needed, and closes. */
  public static JdkTransport making(
      Clients clients, Consumer<HttpRequest.Builder> customizer, InstantSource wall) {
    return new JdkTransport(new ClientPools(clients, true), customizer, wall);
  }

  /** As {@link #making(Clients, Consumer, InstantSource)}, with no certificate to show. */
  public static JdkTransport making(
      Supplier<HttpClient> newClient,
      Consumer<HttpRequest.Builder> customizer,
      InstantSource wall) {
    return making(new Clients(newClient, newClient), customizer, wall);
  }

  /** Over the user's client, which is never closed here. */
  public static JdkTransport over(
      HttpClient client, Consumer<HttpRequest.Builder> customizer, InstantSource wall) {
    Clients given = new Clients(() -> client, () -> client);
    return new JdkTransport(new ClientPools(given, false), customizer, wall);
  }

  @Override
  public HttpAnswer exchange(Call call) throws TransportException, InterruptedException {
    try (ClientPools.Lease lease = pools.take(call.certificate(), call.needsFreshConnection())) {
      long begun = REAL_NANOS.getAsLong();
      WireLog.request(call);
      HttpRequest request = request(call);
      pools.requireOpen();
      return call.needsFreshConnection()
          ? watched(lease.client(), call, request, left(call, begun))
          : exchange(lease.client(), call, request);
    }
  }

  /** What is not repeated is not sent too late, whatever the customizer did so long. */
  private static Duration left(Call call, long begun) throws TransportException {
    Duration left = call.deadline().minusNanos(REAL_NANOS.getAsLong() - begun);
    if (left.isNegative()) {
      throw new TransportException(
          Trouble.NOT_CONNECTED,
          "was not called: to make the request ready took more than "
              + call.deadline().toMillis()
              + " ms",
          null);
    }
    return left;
  }

  /**
   * The platform's own time-out would throw away an answer that arrived while this process stood
   * still; of a request that cannot be repeated, that is the only one.
   */
  private HttpAnswer watched(HttpClient client, Call call, HttpRequest request, Duration limit)
      throws TransportException, InterruptedException {
    try (Watch watch = Watch.begin(limit, REAL_NANOS)) {
      try {
        return exchange(client, call, request);
      } catch (InterruptedException e) {
        if (watch.isOver()) {
          throw tooLate(call);
        }
        throw e;
      }
    }
  }

  /**
   * Sends on the caller's thread. The platform hands an asynchronous answer over by the JVM's
   * common pool; a program that has blocked that pool would keep its own tokens from arriving.
   */
  private HttpAnswer exchange(HttpClient client, Call call, HttpRequest request)
      throws TransportException, InterruptedException {
    long start = REAL_NANOS.getAsLong();
    try {
      HttpResponse<CappedBody> response =
          client.send(request, head -> new CappedBody(head.statusCode(), call.maxBody()));
      Duration left = call.deadline().minusNanos(REAL_NANOS.getAsLong() - start);
      Duration longest = call.needsFreshConnection() ? WATCHED : left;
      return answer(call, response, bytes(response.body(), longest));
    } catch (HttpConnectTimeoutException e) {
      throw Troubles.classify(e);
    } catch (HttpTimeoutException | TimeoutException e) {
      throw tooLate(call);
    } catch (IOException | RuntimeException e) {
      throw trouble(e);
    }
  }

  private static TransportException tooLate(Call call) {
    return new TransportException(
        Trouble.UNCLEAR, "did not answer whole within " + call.deadline().toMillis() + " ms", null);
  }

  /** The platform brings no body at all with the answer of a proxy that wants to know who asks. */
  private static byte[] bytes(@Nullable CappedBody body, Duration longest)
      throws IOException, InterruptedException, TimeoutException {
    return body == null ? new byte[0] : body.await(longest);
  }

  private TransportException trouble(Exception thrown) {
    TransportException trouble = Troubles.classify(thrown);
    if (!pools.isClosed()) {
      return trouble;
    }
    return switch (trouble.trouble()) {
      case NOT_CONNECTED -> ClientPools.closedBefore();
      case UNCLEAR ->
          new TransportException(
              Trouble.UNCLEAR, "was being called when this client was closed", null);
      default -> trouble;
    };
  }

  private HttpRequest request(Call call) {
    HttpRequest.Builder request = HttpRequest.newBuilder(call.uri());
    call.headers().forEach(request::header);
    Body body = call.body();
    if (body == null) {
      request.method(call.method(), BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", body.mediaType())
          .method(call.method(), BodyPublishers.ofString(body.encoded()));
    }
    customizer.accept(request);
    if (!call.needsFreshConnection()) {
      request.timeout(call.deadline());
    }
    // Whatever the customizer added: there is one of each, and it is ours.
    for (String name : ONCE) {
      String ours = call.headers().get(name);
      if (ours != null) {
        request.setHeader(name, ours);
      }
    }
    return request.build();
  }

  private HttpAnswer answer(Call call, HttpResponse<?> response, byte[] body)
      throws TransportException {
    HttpAnswer answer =
        new HttpAnswer(
            Urls.withoutQuery(call.uri()),
            response.statusCode(),
            Map.copyOf(response.headers().map()),
            body,
            wall.instant());
    WireLog.answer(answer);
    String encoding = answer.header("content-encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw new TransportException(
          Trouble.UNREADABLE,
          answer.status(),
          "answered %d in a content encoding that we did not ask for".formatted(answer.status()),
          null);
    }
    return answer;
  }

  @Override
  public void close() {
    pools.close();
  }
}
