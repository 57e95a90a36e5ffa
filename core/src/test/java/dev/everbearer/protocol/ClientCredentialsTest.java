package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.lastRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client's own rights (RFC 6749 section 4.4). */
@ExtendWith(ScriptedServers.class)
class ClientCredentialsTest {

  private static final Duration LONG = Duration.ofMinutes(6);

  @Test
  @Spec("CC-01")
  void aPublicClientGetsNoClientCredentials(ScriptedAuthorizationServer server) {
    server.registerPublicClient("app");
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .authentication(ClientAuthentication.none("app"))
            .build()) {
      List<ThrowingCallable> ways =
          List.of(
              () -> client.fetch(Grant.clientCredentials()),
              () -> client.tokens(Grant.clientCredentials()),
              () -> client.httpClientFor("https://api.example.com", Grant.clientCredentials()));
      for (ThrowingCallable way : ways) {
        assertThatThrownBy(way)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("RFC 6749 section 4.4")
            .hasMessageContaining("Give it a client authentication method.");
      }
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  @Spec("CC-01")
  void aConfidentialClientGetsThem(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      assertThat(client.fetch(Grant.clientCredentials()).accessToken().value()).isNotEmpty();
    }
  }

  @Test
  @Spec("CC-02")
  void aRefreshTokenInTheAnswerIsIgnoredByDefault(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.refreshTokensForClientCredentials(true);
    List<TokenSet> rotated = new ArrayList<>();
    try (OAuthClient client = manualClient(server, clock, rotated)) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      AccessToken first = source.token();
      clock.advance(LONG);
      assertThat(source.token()).isNotEqualTo(first);
    }

    assertThat(rotated).isEmpty();
    assertThat(server.tokenRequests())
        .hasSizeGreaterThan(1)
        .allSatisfy(
            request -> assertThat(request.bodyText()).isEqualTo("grant_type=client_credentials"));
  }

  @Test
  @Spec("CC-02")
  void aRefreshTokenIsUsedWhenTheGrantSaysSo(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.refreshTokensForClientCredentials(true);
    List<TokenSet> rotated = new ArrayList<>();
    try (OAuthClient client = manualClient(server, clock, rotated)) {
      TokenSource source = client.tokens(Grant.clientCredentials().useRefreshToken());
      source.token();
      String refreshToken = rotated.get(0).refreshToken().orElseThrow().reveal();
      server.clearRequests();
      clock.advance(LONG);
      source.token();

      assertThat(server.tokenRequests().get(0).bodyText())
          .isEqualTo("grant_type=refresh_token&refresh_token=" + refreshToken);
    }
  }

  @Test
  @Spec("CC-02")
  void aRefusedRefreshTokenFallsBackToTheGrantInTheSameCall(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.refreshTokensForClientCredentials(true);
    List<TokenSet> rotated = new ArrayList<>();
    try (OAuthClient client = manualClient(server, clock, rotated)) {
      TokenSource source = client.tokens(Grant.clientCredentials().useRefreshToken());
      AccessToken first = source.token();
      server.revokeRefreshToken(rotated.get(0).refreshToken().orElseThrow().reveal());
      server.clearRequests();
      source.invalidate(first);

      assertThat(source.token()).isNotEqualTo(first);
      assertThat(server.tokenRequests()).hasSize(2);
      assertThat(server.tokenRequests().get(0).form())
          .containsEntry("grant_type", List.of("refresh_token"));
      assertThat(lastRequest(server).bodyText()).isEqualTo("grant_type=client_credentials");
    }
  }

  private static OAuthClient manualClient(
      ScriptedAuthorizationServer server, SettableClock clock, List<TokenSet> rotated) {
    return clientOf(server)
        .onRotated(rotated::add)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .executor(Runnable::run)
        .build();
  }
}
