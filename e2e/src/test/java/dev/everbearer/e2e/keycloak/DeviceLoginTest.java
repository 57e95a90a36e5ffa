package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.DeviceGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.DeviceCode;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A program without a browser: the person logs in on another device (RFC 8628). */
@WithKeycloak
class DeviceLoginTest {

  private static final DeviceGrant OPENID = Grant.device().scope("openid");
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final Keycloak keycloak;
  private final List<CompletableFuture<URI>> pages = new CopyOnWriteArrayList<>();
  private final List<TokenSet> kept = new CopyOnWriteArrayList<>();

  DeviceLoginTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private OAuthClient client(RegisteredClient registered, Function<DeviceCode, URI> person) {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .authentication(ClientAuthentication.none(registered.id()))
        .login(
            dev.everbearer.login.Login.onAnotherDevice(
                code -> pages.add(CompletableFuture.supplyAsync(() -> person.apply(code)))))
        .onRotated(kept::add)
        .build();
  }

  @Test
  @Spec("DV-01")
  void whoAgreesOnAnotherDeviceIsLoggedInHere() {
    FormLogin alice = FormLogin.as(Person.ALICE);
    try (OAuthClient client =
        client(
            RegisteredClient.DEVICE,
            code -> alice.open(code.verificationUriComplete().orElseThrow()))) {
      TokenSource tokens = client.tokens(OPENID);
      AccessToken first = tokens.token(LONGEST);
      assertThat(keycloak.introspect(first.value())).containsEntry("username", "alice");
      tokens.invalidate(first);
      assertThat(tokens.token()).as("renewed without the person").isNotEqualTo(first);
    }
    assertThat(pages).hasSize(1);
    assertThat(kept.get(0).validatedIdToken()).isPresent();
  }

  @Test
  @Spec("DV-04")
  void whoEntersTheCodeAndDeclinesIsNotAskedAgain() {
    try (OAuthClient client =
        client(
            RegisteredClient.DEVICE,
            code ->
                FormLogin.refusingAs(Person.BOB)
                    .withUserCode(code.userCode())
                    .open(code.verificationUri()))) {
      TokenSource tokens = client.tokens(OPENID);
      assertDeclined(tokens);
      assertDeclined(tokens);
      assertThat(pages).hasSize(1);
    }
  }

  private void assertDeclined(TokenSource tokens) {
    assertThatThrownBy(() -> tokens.token(LONGEST))
        .isInstanceOfSatisfying(
            LoginFailedException.class, e -> assertThat(e.error()).contains("access_denied"))
        .hasMessageContaining(keycloak.issuer())
        .hasMessageContaining("declined");
  }

  /** Keycloak asks for PKCE here as well, which RFC 8628 does not know. */
  @Test
  void aClientThatHasPkceRequiredIsToldSo() {
    try (OAuthClient client = client(RegisteredClient.NATIVE, code -> code.verificationUri())) {
      assertThatThrownBy(() -> client.tokens(OPENID).token(LONGEST))
          .isInstanceOfSatisfying(
              LoginFailedException.class, e -> assertThat(e.error()).contains("invalid_request"))
          .hasMessageContaining("code_challenge");
      assertThat(pages).isEmpty();
    }
  }
}
