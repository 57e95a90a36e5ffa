package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Endpoints beside the token endpoint that redirect, or answer without end. A redirect would carry
 * the client's credentials, or what is believed, to another host: that host hears nothing.
 */
@ExtendWith(ScriptedServers.class)
class EndpointRedirectTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private final ScriptedApi trap = ScriptedApi.open();

  EndpointRedirectTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @AfterEach
  void theForeignHostHeardNothing() {
    assertThat(trap.totalConnections()).isZero();
    trap.close();
  }

  private OAuthClient client() {
    return RemoteLogin.client(server, clock)
        .maxWait(Duration.ofMillis(500))
        .login(Login.onAnotherDevice(code -> {}))
        .build();
  }

  private void redirect(URI endpoint, int status) {
    server
        .script(endpoint.getPath())
        .answerAlways(Answer.redirect(status, trap.uri(endpoint.getPath())));
  }

  private void redirect(String endpoint, int status) {
    redirect(server.endpoint(endpoint), status);
  }

  private static void assertRefused(ThrowingCallable call, String endpoint, int status) {
    assertThatThrownBy(call)
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining(endpoint)
        .hasMessageContaining("answered " + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Spec("LC-52")
  void introspectionIsNotRedirected(int status) {
    redirect(server.introspectionEndpoint(), status);
    try (OAuthClient client = client()) {
      assertRefused(
          () -> client.introspector().build().introspect(Secret.of("shown")),
          "introspection endpoint",
          status);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Spec("LC-52")
  void revocationIsNotRedirected(int status) {
    redirect(server.revocationEndpoint(), status);
    try (OAuthClient client = client()) {
      assertRefused(
          () -> client.revoke(Secret.of("shown"), "refresh_token"), "revocation endpoint", status);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Spec("LC-52")
  void deviceAuthorizationIsNotRedirected(int status) {
    redirect("device_authorization_endpoint", status);
    try (OAuthClient client = client()) {
      assertRefused(() -> client.fetch(Grant.device()), "device authorization endpoint", status);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Spec("LC-52")
  void aPushedRequestIsNotRedirected(int status) {
    redirect("pushed_authorization_request_endpoint", status);
    try (WebLogin web = new WebLogin(server)) {
      assertRefused(web.flow::start, "pushed authorization request endpoint", status);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Spec("LC-52")
  void theKeysAreNotRedirected(int status) {
    redirect("jwks_uri", status);
    assertRefused(this::loginWithIdToken, "key set", status);
  }

  @Test
  @Spec("SE-10")
  void keysWithoutEndAreAborted() {
    server.script(server.endpoint("jwks_uri").getPath()).answerAlways(Answer.endlessBody());
    assertThatThrownBy(this::loginWithIdToken)
        .hasMessageContaining("key set")
        .hasMessageContaining("the body is over 524288 bytes");
    server.awaitEndedConnections(1, SOON);
  }

  /** The keys are fetched for it. */
  private void loginWithIdToken() throws IOException {
    try (WebLogin web =
        new WebLogin(server, Grant.authorizationCode().scope("openid"), builder -> builder)) {
      web.login();
    }
  }
}
