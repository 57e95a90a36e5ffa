package dev.everbearer.benchmarks.clients;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** Answers 200 at once, without a network: what is left is the cost of the caller. */
public final class InstantHttpClient extends HttpClient {

  private record Head(HttpHeaders headers) implements ResponseInfo {

    @Override
    public int statusCode() {
      return 200;
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  private static final Flow.Subscription NO_DEMAND =
      new Flow.Subscription() {
        @Override
        public void request(long count) {
          // Nothing more comes.
        }

        @Override
        public void cancel() {
          // Nothing is under way.
        }
      };

  private record Answer<T>(HttpRequest request, HttpHeaders headers, T body)
      implements HttpResponse<T> {

    @Override
    public int statusCode() {
      return 200;
    }

    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public URI uri() {
      return request.uri();
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  private final Head head;
  private final byte[] body;

  /** Answers with no body. */
  public InstantHttpClient() {
    this("text/plain", "");
  }

  /** Answers with that body. */
  public InstantHttpClient(String mediaType, String body) {
    head = new Head(HttpHeaders.of(Map.of("content-type", List.of(mediaType)), (n, value) -> true));
    this.body = body.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    BodySubscriber<T> subscriber = handler.apply(head);
    subscriber.onSubscribe(NO_DEMAND);
    if (body.length > 0) {
      subscriber.onNext(List.of(ByteBuffer.wrap(body)));
    }
    subscriber.onComplete();
    return new Answer<>(request, head.headers(), subscriber.getBody().toCompletableFuture().join());
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return CompletableFuture.completedFuture(send(request, handler));
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushPromiseHandler) {
    return sendAsync(request, handler);
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return Optional.empty();
  }

  @Override
  public Redirect followRedirects() {
    return Redirect.NEVER;
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return Optional.empty();
  }

  @Override
  public SSLContext sslContext() {
    throw new IllegalStateException("No TLS here.");
  }

  @Override
  public SSLParameters sslParameters() {
    return new SSLParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return Optional.empty();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public Optional<Executor> executor() {
    return Optional.empty();
  }
}
