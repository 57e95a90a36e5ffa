package dev.everbearer.http.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** No server here pushes, so the adapter is driven as the platform's client would drive it. */
class PushPromisesTest {

  private record Head(int statusCode, HttpHeaders headers, HttpClient.Version version)
      implements ResponseInfo {}

  private static final Head HEAD =
      new Head(200, HttpHeaders.of(Map.of(), (name, value) -> true), HttpClient.Version.HTTP_2);

  @Test
  void aPushedAnswerReachesTheCallersHandlerWithTheCallersRequest() throws Exception {
    HttpRequest original = HttpRequest.newBuilder(URI.create("https://api.example.com/")).build();
    HttpRequest sent =
        HttpRequest.newBuilder(original.uri()).header("Authorization", "Bearer t").build();
    HttpRequest pushed =
        HttpRequest.newBuilder(URI.create("https://api.example.com/style.css")).build();
    ConcurrentMap<HttpRequest, CompletableFuture<HttpResponse<String>>> promises =
        new ConcurrentHashMap<>();
    PushPromiseHandler<String> collecting =
        (initiating, promise, acceptor) -> {
          assertThat(initiating).isSameAs(original);
          promises.put(promise, acceptor.apply(BodyHandlers.ofString()));
        };
    new PlainPushPromises<>(original, collecting)
        .applyPushPromise(
            sent,
            pushed,
            handler -> {
              BodySubscriber<Object> body = handler.apply(HEAD);
              body.onSubscribe(new Endless());
              body.onNext(List.of(ByteBuffer.wrap("css".getBytes(StandardCharsets.UTF_8))));
              body.onComplete();
              Object answered = body.getBody().toCompletableFuture().join();
              return CompletableFuture.completedFuture(
                  new AuthorizedResponse<>(new Plain(pushed), pushed, answered));
            });
    HttpResponse<String> response = Objects.requireNonNull(promises.get(pushed)).get();
    assertThat(response.body()).isEqualTo("css");
    assertThat(response.request()).isSameAs(pushed);
  }

  private static final class Endless implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }

  private record Plain(HttpRequest request) implements HttpResponse<String> {

    @Override
    public int statusCode() {
      return 200;
    }

    @Override
    public java.util.Optional<HttpResponse<String>> previousResponse() {
      return java.util.Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
      return HEAD.headers();
    }

    @Override
    public String body() {
      return "";
    }

    @Override
    public java.util.Optional<javax.net.ssl.SSLSession> sslSession() {
      return java.util.Optional.empty();
    }

    @Override
    public URI uri() {
      return request.uri();
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_2;
    }
  }
}
