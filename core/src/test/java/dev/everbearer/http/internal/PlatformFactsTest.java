package dev.everbearer.http.internal;

import static dev.everbearer.http.Scene.GRANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.http.Scene;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.ServerUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the platform's HTTP client does, on the JDK that runs this, and beside each fact what we do
 * about it. A JDK that starts to behave otherwise turns the fact red, and not the users' calls.
 */
@ExtendWith(ScriptedServers.class)
class PlatformFactsTest {

  private static final int JDK = Runtime.version().feature();

  private final ScriptedApi api = ScriptedApi.open();
  private final ScriptedApi foreign = ScriptedApi.open();

  @AfterEach
  void close() {
    api.close();
    foreign.close();
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(api.uri("/data")).header("Authorization", "Bearer t");
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  private static HttpClient.Builder plain() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
  }

  /** With an Authenticator. */
  @Nested
  class WithAnAuthenticator {

    private final AtomicInteger asked = new AtomicInteger();

    private HttpClient authenticating() {
      return plain()
          .authenticator(
              new Authenticator() {
                @Override
                protected PasswordAuthentication getPasswordAuthentication() {
                  asked.incrementAndGet();
                  return new PasswordAuthentication("user", "password".toCharArray());
                }
              })
          .build();
    }

    private boolean isDropped() throws Exception {
      api.clearRequests();
      send(authenticating(), request().build());
      return api.requests().get(0).header("Authorization").isEmpty();
    }

    @Test
    void fact_jdk17DropsOurHeaderAndJdk25KeepsIt() throws Exception {
      assumeThat(JDK).isIn(17, 25);
      assertThat(isDropped()).isEqualTo(JDK == 17);
    }

    @Test
    @Spec("LC-37")
    void answer_aClientIsRefusedWhereThatHappensAndOnlyThere() throws Exception {
      assertThat(AuthenticatorProbe.stripsAuthorization()).isEqualTo(isDropped());
      if (isDropped()) {
        assertThatThrownBy(() -> ClientRules.check(authenticating()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("drop the Authorization header")
            .hasMessageContaining("Build it without authenticator(...)");
      } else {
        assertThatCode(() -> ClientRules.check(authenticating())).doesNotThrowAnyException();
      }
    }

    @Test
    void fact_a401WithoutAChallengeIsAnIoErrorUnlessOurHeaderWasSent() throws Exception {
      api.answerNext(Answer.status(401));
      HttpRequest bare = HttpRequest.newBuilder(api.uri("/data")).build();
      assertThatThrownBy(() -> send(authenticating(), bare))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("WWW-Authenticate header missing");
      boolean isDropped = isDropped();
      api.answerNext(Answer.status(401));
      if (isDropped) {
        assertThatThrownBy(() -> send(authenticating(), request().build()))
            .hasMessageContaining("WWW-Authenticate header missing");
      } else {
        assertThat(send(authenticating(), request().build()).statusCode()).isEqualTo(401);
      }
    }

    @Test
    @Spec({"LC-35", "LC-37"})
    void answer_whatMayBeWrappedBringsTheBare401ToItsRule(
        SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi guarded)
        throws Exception {
      HttpClient delegate = isDropped() ? plain().build() : authenticating();
      try (OAuthClient client = Scene.client(server, clock).build()) {
        HttpClient http =
            client.http().bind(GRANT, guarded.origin().toString()).over(delegate).build();
        assertThat(Scene.get(http, guarded).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(6));
        guarded.answerNext(Answer.status(401));
        assertThat(Scene.get(http, guarded).statusCode()).isEqualTo(200);
        assertThat(server.tokenRequests()).hasSize(2);
        assertThat(asked).as("the platform's Authenticator has no say").hasValue(0);
      }
    }

    @Test
    @Spec("LC-35")
    void answer_ourOwnClientsHaveNone(ScriptedAuthorizationServer server) {
      Authenticator.setDefault(new Authenticator() {});
      try (OAuthClient client = Scene.client(server).build()) {
        assertThat(client.http().build().authenticator()).isEmpty();
      } finally {
        Authenticator.setDefault(null);
      }
    }
  }

  /** With Redirect.NORMAL. */
  @Nested
  class WithRedirects {

    private RecordedRequest trapped(HttpRequest request) throws Exception {
      api.answerNext(Answer.redirect(307, foreign.uri("/trap")));
      send(plain().followRedirects(Redirect.NORMAL).build(), request);
      return foreign.requests().get(0);
    }

    @Test
    void fact_credentialsAndBodiesFollowToAnotherOrigin() throws Exception {
      assumeThat(JDK).isIn(17, 25);
      RecordedRequest trapped =
          trapped(
              request().header("DPoP", "proof").POST(BodyPublishers.ofString("secret")).build());
      assertThat(trapped.header("Authorization").isPresent()).isEqualTo(JDK == 17);
      assertThat(trapped.header("DPoP")).contains("proof");
      assertThat(trapped.bodyText()).isEqualTo("secret");
    }

    @ParameterizedTest
    @EnumSource
    @Spec({"LC-37", "LC-54"})
    void answer_onlyClientsThatFollowNothingMayBeWrapped(
        Redirect redirect, ScriptedAuthorizationServer server) {
      HttpClient delegate = plain().followRedirects(redirect).build();
      try (OAuthClient client = Scene.client(server).build()) {
        if (redirect == Redirect.NEVER) {
          assertThatCode(() -> client.http().over(delegate)).doesNotThrowAnyException();
          assertThatCode(() -> OAuthClient.builder().httpClient(delegate))
              .doesNotThrowAnyException();
          return;
        }
        assertThatThrownBy(() -> client.http().over(delegate))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("followRedirects(Redirect.NEVER)");
        assertThatThrownBy(() -> OAuthClient.builder().httpClient(delegate))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    @Spec("LC-37")
    void answer_ourOwnFollowNothingAndAWrappedOneIsNotWrappedAgain(
        ScriptedAuthorizationServer server) {
      try (OAuthClient client = Scene.client(server).build()) {
        HttpClient wrapped = client.http().build();
        assertThat(wrapped.followRedirects()).isEqualTo(Redirect.NEVER);
        assertThatThrownBy(() -> client.http().over(wrapped))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("attaches tokens already");
      }
    }
  }

  /** When a pooled connection dies as it is used again. */
  @Nested
  class WithADeadConnection {

    private HttpClient pooled() throws Exception {
      HttpClient client = plain().build();
      send(client, request().build());
      api.clearRequests();
      api.answerNext(Answer.closeBeforeAnswer());
      return client;
    }

    @Test
    void fact_aGetIsRepeatedSilentlyAndAPostFails() throws Exception {
      assertThat(send(pooled(), request().build()).statusCode()).isEqualTo(200);
      assertThat(api.requests()).extracting(RecordedRequest::connection).containsExactly(1, 2);

      HttpClient client = pooled();
      HttpRequest post = request().POST(BodyPublishers.ofString("once")).build();
      assertThatThrownBy(() -> send(client, post))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("received no bytes");
      assertThat(api.requestCount()).isEqualTo(1);
    }

    @Test
    void answer_aRotatingTokenIsRenewedOnAFreshConnection(
        SettableClock clock, ScriptedAuthorizationServer server) {
      server.registerClient("id", "secret");
      Grant grant = Grant.refreshToken(server.issueRefreshToken("id"));
      try (OAuthClient client = Scene.client(server, clock).build()) {
        for (int i = 0; i < 3; i++) {
          client.tokens(grant).token();
          clock.advance(Duration.ofMinutes(10));
        }
        assertThat(server.tokenRequests())
            .hasSize(3)
            .extracting(RecordedRequest::connection)
            .doesNotHaveDuplicates();
      }
    }

    @Test
    void answer_weAddNoRepetitionOfOurOwn(ScriptedAuthorizationServer server) throws Exception {
      try (OAuthClient client = Scene.client(server).build()) {
        HttpClient http = client.http().bind(GRANT, api.origin().toString()).build();
        Scene.get(http, api);
        api.clearRequests();
        api.answerNext(Answer.closeBeforeAnswer());
        HttpRequest post = Scene.request(api).POST(BodyPublishers.ofString("once")).build();
        assertThatThrownBy(() -> send(http, post)).isInstanceOf(IOException.class);
        assertThat(api.requestCount()).isEqualTo(1);
      }
    }
  }

  /** When a body comes slowly. */
  @Nested
  class WithASlowBody {

    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final Answer SLOW = Answer.drip("1234567890", Duration.ofMillis(100));

    @Test
    void fact_theRequestsTimeoutDoesNotCoverTheBody() throws Exception {
      assumeThat(JDK).isIn(17, 25);
      api.answerNext(SLOW);
      assertThat(send(plain().build(), request().timeout(LIMIT).build()).body()).hasSize(10);
    }

    @Test
    void answer_exchangesWithTheAuthorizationServerEndWithTheirLimit(
        ScriptedAuthorizationServer server) {
      server.answerAlways(Answer.drip("{\"access_token\": \"slow\"}", Duration.ofMillis(100)));
      try (OAuthClient client = Scene.client(server).exchangeTimeout(LIMIT).build()) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> client.fetch(GRANT))
            .isInstanceOf(ServerUnavailableException.class);
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofMillis(1500).toNanos());
      }
    }
  }

  /** With a body from a stream. */
  @Nested
  class WithAStream {

    private HttpRequest streaming() {
      InputStream stream = new ByteArrayInputStream(new byte[] {'a', 'b'});
      return request().POST(BodyPublishers.ofInputStream(() -> stream)).build();
    }

    @Test
    void fact_theSecondSendingIsSilentlyEmpty() throws Exception {
      HttpClient client = plain().build();
      HttpRequest request = streaming();
      send(client, request);
      send(client, request);
      assertThat(api.requests()).extracting(RecordedRequest::bodyText).isEqualTo(List.of("ab", ""));
    }

    @Test
    @Spec("LC-40")
    void answer_suchBodiesAreNotTakenForRepeatable() {
      assertThat(ReplayableBodies.isReplayable(streaming())).isFalse();
      assertThat(ReplayableBodies.isReplayable(request().GET().build())).isTrue();
    }
  }
}
