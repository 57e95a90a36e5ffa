package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Registrar;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that register themselves (RFC 7591) and what becomes of them (RFC 7592). */
@WithKeycloak
class RegistrationTest {

  private static final ClientMetadata REPORTS =
      ClientMetadata.empty()
          .clientName("Reports")
          .grantTypes("client_credentials")
          .authMethod("client_secret_basic");

  private final Keycloak keycloak;
  private Registrar registrar;

  RegistrationTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  @BeforeEach
  void open() {
    registrar = at().registrar();
  }

  @AfterEach
  void close() {
    registrar.close();
  }

  private OAuthClientBuilder at() {
    return OAuthClient.builder().issuer(keycloak.issuer());
  }

  private ClientRegistration registered(ClientMetadata metadata) {
    return registrar.register(metadata, keycloak.initialAccessToken());
  }

  private void assertGetsATokenAs(ClientRegistration registration) {
    try (OAuthClient client = at().authentication(registration.authentication()).build()) {
      assertThat(client.fetch(Grant.clientCredentials()).accessToken().expiresAt()).isPresent();
    }
  }

  private static void assertStatus(int status, Runnable refused) {
    assertThatThrownBy(refused::run)
        .isInstanceOfSatisfying(
            OAuthException.class,
            e -> assertThat(e.failure().map(Failure::status)).contains(status));
  }

  @Test
  @Spec("DR-01")
  void aRegisteredServiceGetsTokens() {
    ClientRegistration registration = registered(REPORTS);
    assertThat(registration.metadata().texts("grant_types")).contains("client_credentials");
    assertGetsATokenAs(registration);
    registrar.delete(registration);
  }

  @Test
  @Spec("DR-01")
  void aRegisteredProgramLogsInAtAnyPortOfItsMachine() {
    ClientRegistration registration = registered(ClientMetadata.nativeApp("http://127.0.0.1/done"));
    Windows windows = new Windows(FormLogin.as(Person.ALICE));
    try (OAuthClient client =
        at().authentication(registration.authentication())
            .login(windows.asLogin().path("/done"))
            .build()) {
      AccessToken token = client.tokens(Grant.authorizationCode().scope("openid")).token();
      assertThat(token.expiresAt()).isPresent();
    }
    registrar.delete(registration);
  }

  @Test
  @Spec({"DR-05", "DR-06"})
  void whatWasKeptIsReadAndChangedAndEndedByRfc7592() {
    ClientRegistration kept = ClientRegistration.load(registered(REPORTS).save());

    ClientRegistration read = registrar.read(kept);
    assertThat(read.clientId()).isEqualTo(kept.clientId());
    assertThat(read.metadata().members()).containsEntry("client_name", "Reports");

    ClientRegistration changed =
        registrar.update(read, read.metadata().with("client_name", "More reports"));
    assertThat(changed.registrationAccessToken())
        .as("Keycloak gives a new one each time")
        .isPresent()
        .isNotEqualTo(read.registrationAccessToken());
    assertThat(registrar.read(changed).metadata().members())
        .containsEntry("client_name", "More reports");
    assertGetsATokenAs(changed);

    registrar.delete(changed);
    assertThatThrownBy(() -> assertGetsATokenAs(changed))
        .isInstanceOfSatisfying(
            OAuthException.class,
            e -> assertThat(e.failure().flatMap(Failure::error)).contains("invalid_client"));
    assertThatThrownBy(() -> registrar.read(changed))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("Register anew");
  }

  @Test
  @Spec("DR-01")
  void withoutATokenKeycloakRegistersNobodyOfThisMachine() {
    assertStatus(403, () -> registrar.register(REPORTS));
    assertStatus(401, () -> registrar.register(REPORTS, Secret.of("not-a-token")));
  }

  @Test
  @Spec("DR-01")
  void anAddressThatKeycloakDoesNotWantIsNamedByItsCode() {
    assertThatThrownBy(() -> registered(ClientMetadata.nativeApp("http://127.0.0.1/cb#fragment")))
        .isInstanceOfSatisfying(
            OAuthException.class,
            e -> assertThat(e.failure().flatMap(Failure::error)).contains("invalid_redirect_uri"));
  }
}
