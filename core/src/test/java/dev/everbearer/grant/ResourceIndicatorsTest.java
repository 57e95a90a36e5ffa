package dev.everbearer.grant;

import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.TokenSource;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Resource indicators (RFC 8707). */
@ExtendWith(ScriptedServers.class)
class ResourceIndicatorsTest {

  private static final String A = "https://a.example.com/";
  private static final String B = "https://b.example.com/";

  @Test
  @Spec("RI-02")
  void oneTokenIsKeptForEachSetOfResources(ScriptedAuthorizationServer server) {
    ClientCredentialsGrant grant = Grant.clientCredentials();
    try (OAuthClient client = clientOf(server).build()) {
      AccessToken forA = client.tokens(grant.resource(A)).token();
      AccessToken forBoth = client.tokens(grant.resource(A).resource(B)).token();
      assertThat(client.tokens(grant.resource(B).resource(A)).token()).isEqualTo(forBoth);
      assertThat(client.tokens(grant.resource(A)).token()).isEqualTo(forA).isNotEqualTo(forBoth);
    }
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  @Spec("RI-02")
  void whatWasNotGrantedIsNotAskedFor(ScriptedAuthorizationServer server) {
    RefreshTokenGrant grant = Grant.refreshToken("r").grantedResources(A);
    assertThatThrownBy(() -> grant.resource(B))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("cannot widen", "[" + A + "]", "[" + B + "]");
    assertThatThrownBy(() -> Grant.refreshToken("r").resource(B).grantedResources(A))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Grant.refreshToken("r").grantedResources("a#f"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(grant.resource(A).request().resources()).hasSize(1);
    assertThat(grant).isNotEqualTo(Grant.refreshToken("r"));
    assertThat(server.requests()).isEmpty();
  }

  @Test
  @Spec("RI-02")
  void aTokenForOneResourceGoesToTheOriginsBoundToItAlone(
      ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    Grant forApi = Grant.clientCredentials().resource(A);
    Grant forElsewhere = Grant.clientCredentials().resource(B);
    try (OAuthClient client = clientOf(server).build()) {
      HttpClient http =
          client
              .http()
              .bind(forElsewhere, "https://elsewhere.example.com")
              .bind(forApi, api.origin().toString())
              .build();
      String elsewhere = client.tokens(forElsewhere).token().value();
      http.send(HttpRequest.newBuilder(api.uri("/")).build(), BodyHandlers.discarding());

      RecordedRequest request = api.requests().get(0);
      assertThat(request.header("Authorization").orElseThrow())
          .isEqualTo("Bearer " + client.tokens(forApi).token().value())
          .doesNotContain(elsewhere);
    }
  }

  /** A refresh token that is good for both. */
  private static String refreshToken(ScriptedAuthorizationServer server) {
    server.refreshTokensForClientCredentials(true);
    try (OAuthClient client = clientOf(server).build()) {
      return client
          .fetch(Grant.clientCredentials().resource(A).resource(B))
          .refreshToken()
          .orElseThrow()
          .reveal();
    }
  }

  private static List<List<String>> resourcesOfRefreshes(ScriptedAuthorizationServer server) {
    return server.tokenRequests().stream()
        .map(RecordedRequest::form)
        .filter(form -> form.get("grant_type").contains("refresh_token"))
        .map(form -> form.getOrDefault("resource", List.of()))
        .toList();
  }

  @Test
  @Spec({"RF-08", "RI-01", "RI-02"})
  void eachTokenOfOneGrantIsRenewedForItsOwnResources(ScriptedAuthorizationServer server) {
    RefreshTokenGrant grant = Grant.refreshToken(refreshToken(server)).grantedResources(A, B);
    try (OAuthClient client = clientOf(server).build()) {
      TokenSource forA = client.tokens(grant.resource(A));
      TokenSource forBoth = client.tokens(grant.resource(A).resource(B));
      for (TokenSource source : List.of(forA, forBoth, forA)) {
        source.invalidate(source.token());
        assertThat(source.token()).isNotNull();
      }
      assertThat(forA.token()).isNotEqualTo(forBoth.token());
    }
    assertThat(resourcesOfRefreshes(server))
        .containsExactly(List.of(A), List.of(A), List.of(A, B), List.of(A, B), List.of(A));
  }

  @Test
  @Spec({"RF-08", "RI-02"})
  void aRefreshNeverAsksForAResourceThatWasNotGranted(ScriptedAuthorizationServer server) {
    RefreshTokenGrant grant = Grant.refreshToken(refreshToken(server));
    server.clearRequests();
    assertThatThrownBy(() -> grant.grantedResources(A).resource(B))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.requests()).isEmpty();
    server.grants().resources(A, B);
    try (OAuthClient client = clientOf(server).build()) {
      TokenSource unknown = client.tokens(grant.resource("https://c.example.com/"));
      assertThat(refusal(OAuthErrorException.class, unknown::token).error())
          .isEqualTo("invalid_target");
      assertThat(client.tokens(grant.resource(B)).token())
          .as("the grant is as good as before")
          .isNotNull();
    }
  }

  @Test
  @Spec("RI-03")
  void invalidTargetIsToldAtOnceAndNotAskedForAgain(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.grants().resources(A);
    try (OAuthClient client =
        clientOf(server)
            .clocks(clock, clock::nanoTime)
            .scheduler(clock.scheduler())
            .executor(Runnable::run)
            .build()) {
      TokenSource known = client.tokens(Grant.clientCredentials().resource(A));
      assertThat(known.token().value()).isNotEmpty();
      TokenSource unknown = client.tokens(Grant.clientCredentials().resource(B));
      OAuthErrorException refusal = refusal(OAuthErrorException.class, unknown::token);
      assertThat(refusal.error()).isEqualTo("invalid_target");
      assertRefusal(refusal, FailureKind.REFUSED, 400, "a resource or audience is unknown to it");
      clock.advance(Duration.ofSeconds(59));
      refusal(OAuthErrorException.class, unknown::token);
    }
    assertThat(server.tokenRequests())
        .filteredOn(request -> request.form().get("resource").equals(List.of(B)))
        .hasSize(1);
  }
}
