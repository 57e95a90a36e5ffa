package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.UserInfo;
import org.junit.jupiter.api.Test;

/** Who logged in, as Keycloak tells it. */
@WithKeycloak
class UserInfoTest {

  private static final AuthorizationCodeGrant EMAIL =
      Grant.authorizationCode().scope("openid", "email");
  private static final JwtRegistration ES256 = JwtRegistration.standard().signedBy("ES256");

  private final Keycloak keycloak;

  UserInfoTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private OAuthClientBuilder at(RegisteredClient registered, Person person) {
    ClientAuthentication authentication =
        registered.secret().isEmpty()
            ? ClientAuthentication.none(registered.id())
            : ClientAuthentication.clientSecretBasic(registered.id(), registered.secret());
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .authentication(authentication)
        .login(new Windows(FormLogin.as(person)).asLogin());
  }

  private static void assertEmail(String email, UserInfo info) {
    assertThat(info.text("email")).contains(email);
  }

  @Test
  @Spec("ID-10")
  void thePersonOfTheIdTokenIsTold() {
    try (OAuthClient client = at(RegisteredClient.NATIVE, Person.ALICE).build()) {
      TokenSet tokens = client.fetch(EMAIL);
      UserInfo info = client.userInfo().of(tokens);
      assertEmail("alice@example.com", info);
      assertThat(info.subject()).isEqualTo(tokens.validatedIdToken().orElseThrow().subject());
    }
  }

  @Test
  @Spec("ID-10")
  void anotherPersonThanTheOneOfTheIdTokenIsRefused() {
    try (OAuthClient alice = at(RegisteredClient.NATIVE, Person.ALICE).build();
        OAuthClient bob = at(RegisteredClient.NATIVE, Person.BOB).build()) {
      TokenSet other = bob.fetch(EMAIL);
      TokenSet own = alice.fetch(EMAIL);
      assertThatThrownBy(
              () -> alice.userInfo().of(other.accessToken(), own.validatedIdToken().orElseThrow()))
          .isInstanceOf(MalformedAnswerException.class)
          .hasMessageContaining("sub");
    }
  }

  @Test
  @Spec({"ID-03", "ID-10"})
  void whatIsRegisteredAsSignedComesSigned() {
    try (OAuthClient client =
        at(RegisteredClient.WEB_JWT, Person.ALICE)
            .login(new Windows(FormLogin.as(Person.ALICE)).asLogin().byJwt())
            .idTokens(ES256)
            .build()) {
      TokenSet tokens = client.fetch(EMAIL);
      assertEmail("alice@example.com", client.userInfo().registered(ES256).of(tokens));
      assertThatThrownBy(
              () ->
                  client
                      .userInfo()
                      .registered(JwtRegistration.standard().signedBy("RS256"))
                      .of(tokens))
          .isInstanceOf(MalformedAnswerException.class)
          .hasMessageContaining("ES256");
    }
  }

  @Test
  @Spec("ID-10")
  void anUnsignedAnswerWhereASignedOneIsRegisteredIsRefused() {
    try (OAuthClient client = at(RegisteredClient.NATIVE, Person.ALICE).build()) {
      TokenSet tokens = client.fetch(EMAIL);
      assertThatThrownBy(() -> client.userInfo().registered(ES256).of(tokens))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("not signed");
    }
  }

  @Test
  @Spec("ID-03")
  void anIdTokenByAnotherAlgorithmThanTheRegisteredOneIsRefused() {
    try (OAuthClient client = at(RegisteredClient.NATIVE, Person.ALICE).idTokens(ES256).build()) {
      assertThatThrownBy(() -> client.fetch(EMAIL))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("RS256");
    }
  }

  @Test
  @Spec("DP-06")
  void aBoundTokenIsShownWithAProof() {
    try (OAuthClient client = at(RegisteredClient.DPOP_NATIVE, Person.BOB).dpop().build()) {
      TokenSet tokens = client.fetch(EMAIL);
      assertThat(tokens.accessToken().keyThumbprint()).isEqualTo(client.dpopThumbprint());
      assertEmail("bob@example.com", client.userInfo().of(tokens));
    }
  }

  @Test
  void aTokenThatIsOverIsNamedAsTheReason() {
    try (OAuthClient client = at(RegisteredClient.NATIVE, Person.ALICE).build()) {
      TokenSet tokens = client.fetch(EMAIL);
      client.revoke(tokens);
      assertThatThrownBy(() -> client.userInfo().of(tokens))
          .isInstanceOf(OAuthErrorException.class)
          .hasMessageContaining("token");
    }
  }
}
