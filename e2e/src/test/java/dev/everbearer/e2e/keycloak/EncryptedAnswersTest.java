package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.everbearer.OAuthClient;
import dev.everbearer.client.DecryptionKey;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSet;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** A web application to which Keycloak encrypts all that it signs for it. */
@WithKeycloak
class EncryptedAnswersTest {

  private static final JwtRegistration SIGNED = JwtRegistration.standard().signedBy("ES256");

  private final Keycloak keycloak;
  private final JwtRegistration encrypted;

  EncryptedAnswersTest(Keycloak keycloak) {
    this.keycloak = keycloak;
    this.encrypted = encryptedTo(keycloak.encryptionKey());
  }

  private static JwtRegistration encryptedTo(ECKey key) {
    return SIGNED.encryptedTo(DecryptionKey.fromJwk(key.toJSONString(), "ECDH-ES", "A256GCM"));
  }

  private static ECKey otherKey() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyUse(KeyUse.ENCRYPTION).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private OAuthClient client(JwtRegistration answers, JwtRegistration idTokens) {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .clientSecretBasic(
            RegisteredClient.WEB_ENCRYPTED.id(), RegisteredClient.WEB_ENCRYPTED.secret())
        .authorizationResponses(answers)
        .idTokens(idTokens)
        .build();
  }

  private static TokenSet login(OAuthClient client) {
    AuthorizationCodeFlow flow =
        client
            .authorizationCodeFlow(
                Grant.authorizationCode().scope("openid", "email"), "http://127.0.0.1:9/callback")
            .byJwt();
    AuthorizationRedirect redirect = flow.start();
    URI answer = FormLogin.as(Person.BOB).redirect(redirect.url());
    assertThat(FlowsByHand.query(answer).get("response").split("\\."))
        .as("the five parts of an encrypted JWT")
        .hasSize(5);
    return flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(answer.toString()));
  }

  private void assertLoginFails(JwtRegistration answers, JwtRegistration idTokens, String why) {
    try (OAuthClient client = client(answers, idTokens)) {
      assertThatThrownBy(() -> login(client))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining(why);
    }
  }

  @Test
  @Spec({"JM-03", "ID-11"})
  void theAnswerTheIdTokenAndUserInfoAreOpenedAndVerified() {
    try (OAuthClient client = client(encrypted, encrypted)) {
      TokenSet tokens = login(client);
      assertThat(keycloak.introspect(tokens.accessToken().value()))
          .containsEntry("username", "bob")
          .containsEntry("sub", tokens.validatedIdToken().orElseThrow().subject());
      assertThat(client.userInfo().registered(encrypted).of(tokens).text("email"))
          .contains("bob@example.com");
      assertThatThrownBy(() -> client.userInfo().registered(SIGNED).of(tokens))
          .isInstanceOf(MalformedAnswerException.class)
          .hasMessageContaining("no key was given to decrypt it");
    }
  }

  @Test
  @Spec("JM-03")
  void anAnswerThatIsNotForOurKeyIsRefused() {
    assertLoginFails(encryptedTo(otherKey()), encrypted, "cannot be decrypted");
    assertLoginFails(SIGNED, encrypted, "no key was given to decrypt it");
  }

  @Test
  @Spec("ID-11")
  void anIdTokenThatIsNotForOurKeyIsRefused() {
    assertLoginFails(encrypted, encryptedTo(otherKey()), "cannot be decrypted");
  }
}
