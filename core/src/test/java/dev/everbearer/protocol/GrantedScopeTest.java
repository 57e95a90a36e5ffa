package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.lastRequest;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.ClientCredentialsGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.InsufficientScopeException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What was granted against what was asked for and what is required (RFC 6749 section 3.3). */
@ExtendWith(ScriptedServers.class)
class GrantedScopeTest {

  private static final ClientCredentialsGrant ASKING =
      Grant.clientCredentials().scope("read", "write");

  @Test
  @Spec("SC-03")
  void aNarrowerGrantIsReported(ScriptedAuthorizationServer server) {
    server.answerNext(granted("\"scope\":\"read\",\"expires_in\":60"));
    try (OAuthClient client = clientOf(server).build()) {
      AccessToken token = client.tokens(ASKING).token();
      assertThat(token.scope()).contains(Scope.of("read"));
      assertThat(token.toString()).endsWith("scope read");
    }
  }

  @Test
  @Spec("SC-03")
  void lessThanRequiredFailsAndIsNotKept(ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(granted("\"scope\":\"read\",\"expires_in\":3600"));
    try (MemoryTokenStore store = new MemoryTokenStore(clock);
        OAuthClient client =
            clientOf(server)
                .store(store)
                .clocks(clock, clock::nanoTime)
                .scheduler(clock.scheduler())
                .executor(Runnable::run)
                .build()) {
      TokenSource strict = client.tokens(ASKING.requiredScope("read", "write"));
      InsufficientScopeException refusal = refusal(InsufficientScopeException.class, strict::token);
      assertRefusal(
          refusal,
          FailureKind.REFUSED,
          200,
          "token endpoint " + server.tokenEndpoint() + " granted the scope [read]",
          "the grant requires [read write]",
          "Ask the server's operator for the missing ones, or require less.");
      assertThat(refusal.required()).isEqualTo(Scope.of("read write"));
      assertThat(refusal.granted()).isEqualTo(Scope.of("read"));

      clock.advance(Duration.ofSeconds(61));
      refusal(InsufficientScopeException.class, strict::token);
      assertThat(server.tokenRequests()).hasSize(2);

      assertThat(client.tokens(ASKING.requiredScope("read")).token().scope())
          .contains(Scope.of("read"));
      assertThat(server.tokenRequests()).hasSize(3);
    }
  }

  @Test
  @Spec("SC-03")
  void aRotatedRefreshTokenSurvivesAGrantOfTooLittle(
      ScriptedAuthorizationServer server, SettableClock clock) {
    List<TokenSet> rotated = new ArrayList<>();
    try (OAuthClient client =
        clientOf(server)
            .onRotated(rotated::add)
            .clocks(clock, clock::nanoTime)
            .scheduler(clock.scheduler())
            .executor(Runnable::run)
            .build()) {
      String first = server.issueRefreshToken("the-client", "read");
      TokenSource source = client.tokens(Grant.refreshToken(first).requiredScope("write"));
      refusal(InsufficientScopeException.class, source::token);
      assertThat(rotated).hasSize(1);
      String second = rotated.get(0).refreshToken().orElseThrow().reveal();

      clock.advance(Duration.ofSeconds(61));
      refusal(InsufficientScopeException.class, source::token);
      assertThat(lastRequest(server).form()).containsEntry("refresh_token", List.of(second));
      assertThat(server.reuseDetected()).isZero();

      String third = rotated.get(1).refreshToken().orElseThrow().reveal();
      refusal(
          InsufficientScopeException.class,
          () -> client.fetch(Grant.refreshToken(third).requiredScope("write")));
      assertThat(rotated).hasSize(3);
    }
  }

  @Test
  @Spec("SC-04")
  void tokensAreKeptUnderWhatWasAskedForNotWhatWasGranted(
      ScriptedAuthorizationServer server, SettableClock clock) {
    try (MemoryTokenStore store = new MemoryTokenStore(clock)) {
      server.answerNext(
          granted("\"scope\":\"read\",\"expires_in\":3600"),
          granted("\"expires_in\":3600").header("X-Second", "1"));
      ask(server, clock, store, ASKING);
      assertThat(server.tokenRequests()).hasSize(1);

      // Another client on the same store: the same request is answered from there,
      ask(server, clock, store, ASKING);
      assertThat(server.tokenRequests()).hasSize(1);

      // and a request for just what was granted is one of its own,
      ask(server, clock, store, Grant.clientCredentials().scope("read"));
      assertThat(server.tokenRequests()).hasSize(2);
      assertThat(lastRequest(server).bodyText())
          .isEqualTo("grant_type=client_credentials&scope=read");

      // as are other resources, audiences and parameters.
      ask(server, clock, store, ASKING.resource("https://a.example.com"));
      ask(server, clock, store, ASKING.audience("a"));
      ask(server, clock, store, ASKING.parameter("tenant", "a"));
      assertThat(server.tokenRequests()).hasSize(5);

      assertThat(ask(server, clock, store, ASKING).scope()).contains(Scope.of("read"));
      assertThat(server.tokenRequests()).hasSize(5);
    }
  }

  private static AccessToken ask(
      ScriptedAuthorizationServer server,
      SettableClock clock,
      MemoryTokenStore store,
      Grant grant) {
    try (OAuthClient client =
        clientOf(server)
            .store(store)
            .clocks(clock, clock::nanoTime)
            .scheduler(clock.scheduler())
            .build()) {
      return client.tokens(grant).token();
    }
  }
}
