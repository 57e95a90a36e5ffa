package dev.everbearer.demo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

class AuthorizationLedgerTest {

  private final Instant now = Instant.now();

  private final RegisteredClient client = DemoClient.register(DemoServers.Options.defaults());
  private final AuthorizationLedger ledger = new AuthorizationLedger();

  @Test
  void forgetsWhatHasExpiredAndKeepsTheRest() {
    ledger.save(authorization("expired", now.minusSeconds(1)).build());
    ledger.save(authorization("refreshable", now.minusSeconds(1)).refreshToken(refresh()).build());
    ledger.save(authorization("live", now.plusSeconds(600)).build());
    ledger.save(authorization("another", now.plusSeconds(600)).build());
    assertThat(ledger.findById("expired")).isNull();
    assertThat(ledger.findById("refreshable")).isNotNull();
    assertThat(ledger.findById("live")).isNotNull();
  }

  @Test
  void countsATokenOnceHoweverOftenItIsSaved() {
    OAuth2Authorization live = authorization("live", now.plusSeconds(600)).build();
    ledger.save(live);
    ledger.save(live);
    assertThat(ledger.accessTokensIssued()).isEqualTo(1);
  }

  @Test
  void revokesATokenOnce() {
    ledger.save(authorization("live", now.plusSeconds(600)).build());
    assertThat(ledger.revokeAccessTokens()).isEqualTo(1);
    assertThat(ledger.revokeAccessTokens()).isZero();
  }

  private OAuth2Authorization.Builder authorization(String id, Instant expiry) {
    return OAuth2Authorization.withRegisteredClient(client)
        .id(id)
        .principalName("someone")
        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
        .accessToken(
            new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, id, now.minusSeconds(60), expiry));
  }

  private OAuth2RefreshToken refresh() {
    return new OAuth2RefreshToken("refresh", now, now.plusSeconds(600));
  }
}
