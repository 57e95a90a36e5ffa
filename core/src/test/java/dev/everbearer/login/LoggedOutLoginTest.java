package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RefreshTokensFor;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.TokenSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A person's grant that is given back: the next caller has the person asked again. */
@ExtendWith(ScriptedServers.class)
class LoggedOutLoginTest {

  private static final AuthorizationCodeGrant GRANT = Grant.authorizationCode().scope("read");

  private final ScriptedAuthorizationServer server;
  private final MemoryTokenStore store = new MemoryTokenStore();
  private final List<URI> opened = new CopyOnWriteArrayList<>();

  LoggedOutLoginTest(ScriptedAuthorizationServer server) {
    this.server = server;
    server.refreshTokensFor(RefreshTokensFor.EVERY_LOGIN);
    server.registerPublicClient("native");
    server.registerRedirectUris("native", "http://127.0.0.1/cb");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private OAuthClientBuilder client() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .authentication(ClientAuthentication.none("native"))
        .store(store);
  }

  private void visit(URI url) {
    opened.add(url);
    try {
      assertThat(new UserAgent().open(url).statusCode()).isEqualTo(200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Spec("RV-05")
  void thePersonIsAskedAgainAfterALogout() {
    try (OAuthClient client = client().login(Login.inBrowser(this::visit).path("/cb")).build()) {
      TokenSource source = client.tokens(GRANT);
      AccessToken first = source.token();
      client.revoke(GRANT);
      assertThat(server.isActive(first.value())).isFalse();
      assertThat(opened).hasSize(1);
      assertThat(source.token()).isNotEqualTo(first);
      assertThat(opened).hasSize(2);
    }
  }

  @Test
  @Spec("RV-05")
  void whereNobodyCanBeAskedTheLogoutIsTheReason() {
    try (OAuthClient client = client().login(Login.inBrowser(this::visit).path("/cb")).build()) {
      client.tokens(GRANT).token();
      client.revoke(GRANT);
    }
    try (OAuthClient elsewhere = client().build()) {
      assertThatThrownBy(() -> elsewhere.tokens(GRANT).token())
          .isInstanceOfSatisfying(
              LoginRequiredException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.LOGGED_OUT));
    }
  }
}
