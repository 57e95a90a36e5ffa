package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DpopKey;
import dev.everbearer.client.SigningKey;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Tokens bound to a key (RFC 9449); Keycloak takes each proof once and for ten seconds. */
@WithKeycloak
class DpopTest {

  private static final Grant OWN = Grant.clientCredentials().scope("openid");
  private static final Grant LOGIN = Grant.authorizationCode().scope("openid");

  private final Keycloak keycloak;
  private final URI userinfo;
  private final List<TokenSet> kept = new CopyOnWriteArrayList<>();

  DpopTest(Keycloak keycloak) {
    this.keycloak = keycloak;
    this.userinfo = keycloak.endpoint("userinfo");
  }

  private OAuthClientBuilder service() {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .clientSecretBasic(
            RegisteredClient.DPOP_SERVICE.id(), RegisteredClient.DPOP_SERVICE.secret());
  }

  private OAuthClientBuilder program(DpopKey key) {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .authentication(ClientAuthentication.none(RegisteredClient.DPOP_NATIVE.id()))
        .login(new Windows(FormLogin.as(Person.ALICE)).asLogin())
        .onRotated(kept::add)
        .dpop(key);
  }

  private static DpopKey newKey() {
    try {
      String key = new ECKeyGenerator(Curve.P_256).generate().toJSONString();
      return DpopKey.of(SigningKey.fromJwk(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpClient api(OAuthClient client, Grant grant) {
    return client.httpClientFor(userinfo.resolve("/").toString(), grant);
  }

  private static int status(HttpClient api, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return api.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private void assertBoundTo(String thumbprint, AccessToken token) {
    assertThat(token.type()).isEqualToIgnoringCase("DPoP");
    assertThat(keycloak.introspect(token.value()))
        .extractingByKey("cnf", MAP)
        .containsEntry("jkt", thumbprint);
  }

  @Test
  void theTokenOfAServiceIsBoundToItsKey() throws Exception {
    try (OAuthClient client = service().dpop().build()) {
      AccessToken token = client.tokens(OWN).token();
      assertBoundTo(token.keyThumbprint().orElseThrow(), token);
      HttpClient api = api(client, OWN);
      assertThat(status(api, HttpRequest.newBuilder(userinfo))).isEqualTo(200);
      assertThat(status(api, HttpRequest.newBuilder(userinfo))).isEqualTo(200);
    }
  }

  @Test
  void theTokenAloneIsOfNoUse() throws Exception {
    try (OAuthClient client = service().dpop().build()) {
      String token = client.tokens(OWN).token().value();
      HttpClient thief = HttpClient.newHttpClient();
      for (String scheme : List.of("Bearer ", "DPoP ")) {
        HttpRequest.Builder stolen =
            HttpRequest.newBuilder(userinfo).header("Authorization", scheme + token);
        assertThat(status(thief, stolen)).as(scheme).isEqualTo(401);
      }
    }
  }

  @Test
  void withoutAProofKeycloakGivesNoToken() {
    try (OAuthClient client = service().build()) {
      assertThatThrownBy(() -> client.tokens(OWN).token()).isInstanceOf(OAuthErrorException.class);
    }
  }

  @Test
  void theTokensOfALoginStayBoundToTheKeyOverRenewals() throws Exception {
    DpopKey key = newKey();
    try (OAuthClient client = program(key).build()) {
      TokenSource tokens = client.tokens(LOGIN);
      AccessToken first = tokens.token();
      assertBoundTo(key.thumbprint(), first);
      tokens.invalidate(first);
      AccessToken second = tokens.token();
      assertThat(second).isNotEqualTo(first);
      assertBoundTo(key.thumbprint(), second);
      assertThat(status(api(client, LOGIN), HttpRequest.newBuilder(userinfo))).isEqualTo(200);
    }
  }

  @Test
  void theRefreshTokenIsGoodWithItsKeyAlone() {
    DpopKey key = newKey();
    try (OAuthClient client = program(key).build()) {
      client.tokens(LOGIN).token();
    }
    Grant grant = Grant.refreshToken(kept.get(0).refreshToken().orElseThrow().reveal());
    try (OAuthClient thief = program(newKey()).build()) {
      assertThatThrownBy(() -> thief.fetch(grant)).isInstanceOf(OAuthErrorException.class);
    }
    try (OAuthClient client = program(key).build()) {
      assertBoundTo(key.thumbprint(), client.fetch(grant).accessToken());
    }
  }
}
