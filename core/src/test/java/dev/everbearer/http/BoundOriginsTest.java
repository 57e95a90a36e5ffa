package dev.everbearer.http;

import static dev.everbearer.http.Scene.GRANT;
import static dev.everbearer.http.Scene.get;
import static dev.everbearer.http.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.UnboundOriginException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token goes to the origins that it is bound to, redirects or not. */
@ExtendWith(ScriptedServers.class)
class BoundOriginsTest {

  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private final ScriptedApi foreign = ScriptedApi.open();
  private OAuthClient client;

  BoundOriginsTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
  }

  @BeforeEach
  void open() {
    client = Scene.client(server).build();
  }

  @AfterEach
  void close() {
    client.close();
    foreign.close();
  }

  private HttpClient bound() {
    return Scene.http(client, api);
  }

  private HttpClient following() {
    return client.http().bind(GRANT, api.origin().toString()).followSameOriginRedirects().build();
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-50")
  void anUnboundOriginIsRefusedAndTheErrorNamesTheMend(Way way) {
    assertThatThrownBy(() -> way.call(bound(), request(foreign).build(), BodyHandlers.ofString()))
        .isInstanceOf(OAuthIOException.class)
        .hasCauseInstanceOf(UnboundOriginException.class)
        .hasMessageContaining("bind(grant, \"" + foreign.origin() + "\")")
        .hasMessageContaining("allowUnbound()")
        .hasMessageContaining(api.origin().toString());
    assertThat(foreign.requestCount()).isZero();
    assertThat(server.requestCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-50")
  void withoutAnyBindingEverythingIsRefused(Way way) {
    HttpClient http = client.http().build();
    assertThatThrownBy(() -> way.call(http, request(api).build(), BodyHandlers.ofString()))
        .hasCauseInstanceOf(UnboundOriginException.class);
    assertThat(api.requestCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-50")
  void bySettingUnboundOriginsGetBareRequests(Way way) throws Exception {
    HttpClient http = client.http().bind(GRANT, api.origin().toString()).allowUnbound().build();
    assertThat(way.call(http, request(foreign).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(foreign.requests())
        .singleElement()
        .matches(sent -> sent.header("Authorization").isEmpty());
    assertThat(server.requestCount()).isZero();
    assertThat(way.call(http, request(api).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-50")
  void theCallersOwnHeaderIsRespectedAndIts401IsTheirs(Way way) throws Exception {
    for (ScriptedApi target : List.of(api, foreign)) {
      target.answerNext(Scene.invalidToken());
      HttpRequest own = request(target).header("authorization", "Bearer of-the-caller").build();
      assertThat(way.call(bound(), own, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
      assertThat(target.requests())
          .singleElement()
          .matches(sent -> sent.headers("Authorization").equals(List.of("Bearer of-the-caller")));
    }
    assertThat(server.requestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Spec({"LC-53", "LC-54"})
  void redirectsAreHandedOverByDefault(int status) throws Exception {
    for (Way way : Way.values()) {
      api.answerNext(Answer.redirect(status, api.uri("/next")));
      HttpResponse<String> response =
          way.call(bound(), request(api).build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(status);
    }
    assertThat(api.requests()).hasSize(3).allMatch(sent -> sent.path().equals("/data"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Spec("LC-53")
  void bySettingSafeRequestsFollowInsideTheOrigin(int status) throws Exception {
    for (Way way : Way.values()) {
      for (String method : List.of("GET", "HEAD")) {
        api.clearRequests();
        api.answerNext(
            Answer.status(status).header("Location", "next?a=b"),
            Answer.redirect(status, api.uri("/last")));
        HttpResponse<String> response =
            way.call(
                following(),
                request(api).method(method, BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.uri()).isEqualTo(api.uri("/last"));
        assertThat(api.requests())
            .extracting(RecordedRequest::target)
            .containsExactly("/data", "/next?a=b", "/last");
        assertThat(api.requests())
            .allMatch(sent -> sent.header("Authorization").isPresent())
            .allMatch(sent -> sent.method().equals(method));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  @Spec("LC-53")
  void unsafeRequestsAreNotRedirected(String method) throws Exception {
    api.answerNext(Answer.redirect(307, api.uri("/next")));
    HttpRequest request = request(api).method(method, BodyPublishers.ofString("secret")).build();
    assertThat(following().send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(307);
    assertThat(api.requestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-53")
  void fiveRedirectsAreFollowedAndNoMore(Way way) throws Exception {
    api.answerAlways(Answer.redirect(302, api.uri("/round")));
    assertThat(way.call(following(), request(api).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(302);
    assertThat(api.requestCount()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Spec({"LC-53", "LC-54"})
  void anotherOriginNeverHearsOfARedirectedRequest(int status) throws Exception {
    HttpClient both =
        client
            .http()
            .bind(GRANT, api.origin().toString())
            .allowUnbound()
            .followSameOriginRedirects()
            .build();
    for (HttpClient http : List.of(bound(), following(), both)) {
      for (String method : List.of("GET", "POST")) {
        api.answerNext(Answer.redirect(status, foreign.uri("/trap")));
        HttpRequest request =
            request(api)
                .method(method, BodyPublishers.ofString("grant=secret"))
                .header("DPoP", "proof")
                .header("Cookie", "session")
                .build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(status);
      }
    }
    assertThat(foreign.totalConnections()).isZero();
  }

  @Test
  @Spec("LC-53")
  void aRedirectOfTheReplayIsFollowedAndALocationThatIsNoneIsNot() throws Exception {
    HttpClient http = following();
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    server.revokeAllAccessTokens();
    api.answerNext(Answer.healthy(), Answer.redirect(302, api.uri("/next")));
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    for (String location : List.of("http://[", "//other.example/", "ftp://127.0.0.1/", "http:")) {
      api.answerNext(Answer.status(302).header("Location", location));
      assertThat(get(http, api).statusCode()).as(location).isEqualTo(302);
    }
    api.answerNext(Answer.status(302));
    assertThat(get(http, api).statusCode()).isEqualTo(302);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example.com/data",
        "http://api.example.com:443/data",
        "//api.example.com:80/data",
        "ws://api.example.com/",
        "https://api.example.com.evil.example/",
        "https://api.example.com:8443/",
        "https://user@api.example.com/"
      })
  @Spec({"LC-55", "LC-54"})
  void httpsIsNeverLeft(String location) {
    Attempt attempt = httpsAttempt();
    assertThat(attempt.judge(302, header("Location", location))).isInstanceOf(Decision.Done.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://api.example.com/next", "https://API.example.com:443/", "/next"})
  @Spec("LC-55")
  void insideAnHttpsOriginARedirectIsFollowed(String location) throws Exception {
    Decision next = httpsAttempt().judge(302, header("Location", location));
    assertThat(next).isInstanceOf(Decision.Wait.class);
    Decision sent = ((Decision.Wait) next).next().toCompletableFuture().get();
    URI target = ((Decision.Send) sent).redirect();
    assertThat(target).hasScheme("https");
    assertThat(sent).hasToString("Send[authorized to " + target + "]");
  }

  private static Function<String, List<String>> header(String name, String value) {
    return asked -> asked.equalsIgnoreCase(name) ? List.of(value) : List.of();
  }

  private static Attempt httpsAttempt() {
    BearerAuthorizer authorizer =
        BearerAuthorizer.builder()
            .bind(TokenSource.fixed("token"), "https://api.example.com")
            .followSameOriginRedirects()
            .build();
    Attempt attempt = authorizer.begin(new Get(URI.create("https://api.example.com/data")));
    assertThat(attempt.start()).isInstanceOf(Decision.Send.class);
    return attempt;
  }

  private record Get(URI uri) implements OutgoingRequest {

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public boolean hasAuthorization() {
      return false;
    }

    @Override
    public boolean isReplayable() {
      return true;
    }

    @Override
    public Optional<Duration> timeout() {
      return Optional.empty();
    }
  }
}
