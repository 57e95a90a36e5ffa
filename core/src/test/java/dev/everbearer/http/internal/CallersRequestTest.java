package dev.everbearer.http.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.http.Decision;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent in place of a caller's request, made by ourselves and by the platform. */
class CallersRequestTest {

  private static final URI API = URI.create("https://api.example.com/a?b=c");
  private static final Duration LEFT = Duration.ofSeconds(3);
  private static final Map<String, String> OURS =
      Map.of("Authorization", "DPoP token", "DPoP", "proof");

  static Stream<HttpRequest> requests() {
    return Stream.of(
        HttpRequest.newBuilder(API).build(),
        HttpRequest.newBuilder(API)
            .header("X-One", "1")
            .header("X-One", "2")
            .method("HEAD", BodyPublishers.noBody())
            .build(),
        HttpRequest.newBuilder(API).header("dpop", "other").header("authorization", "x").build(),
        HttpRequest.newBuilder(API)
            .method("PATCH", BodyPublishers.ofString("body"))
            .expectContinue(true)
            .version(HttpClient.Version.HTTP_1_1)
            .build());
  }

  private static Decision.Send send(@Nullable URI redirect) {
    return new Decision.Send(OURS, redirect);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void oursHoldsWhatAPlatformsCopyHolds(HttpRequest request) {
    CallersRequest callers = new CallersRequest(request, 0);
    HttpRequest copy = callers.copy(send(null), LEFT);
    HttpRequest ours =
        new AuthorizedRequest(request, send(null), request.bodyPublisher().orElse(null), LEFT);
    assertThat(ours).isEqualTo(copy);
    assertThat(ours.bodyPublisher()).isEqualTo(copy.bodyPublisher());
    assertThat(ours.timeout()).isEqualTo(copy.timeout()).contains(LEFT);
    assertThat(ours.expectContinue()).isEqualTo(copy.expectContinue());
    assertThat(ours.version()).isEqualTo(copy.version());
    assertThat(ours.headers().allValues("Authorization")).containsExactly("DPoP token");
    assertThat(ours.headers().allValues("dpop")).containsExactly("proof");
  }

  @Test
  void bothGoWhereTheDecisionSays() {
    URI target = URI.create("https://api.example.com/other");
    HttpRequest request = HttpRequest.newBuilder(API).build();
    assertThat(new CallersRequest(request, 0).copy(send(target), null).uri()).isEqualTo(target);
    assertThat(new AuthorizedRequest(request, send(target), null, null).uri()).isEqualTo(target);
  }

  @Test
  void bothSendTheBufferedBody() {
    HttpRequest request =
        HttpRequest.newBuilder(API)
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[9])))
            .build();
    CallersRequest callers = new CallersRequest(request, 10);
    HttpRequest copy = callers.copy(send(null), null);
    assertThat(copy.bodyPublisher().orElseThrow()).isInstanceOf(BufferingBody.class);
    assertThat(copy.method()).isEqualTo("POST");
    assertThat(copy.timeout()).isEmpty();
  }

  @Test
  void itsTextHoldsNoToken() {
    HttpRequest request = HttpRequest.newBuilder(API).build();
    assertThat(new AuthorizedRequest(request, send(null), null, null))
        .hasToString("https://api.example.com/a?b=c GET");
  }
}
