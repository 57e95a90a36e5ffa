package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Jwt;
import dev.everbearer.testing.server.JwtKind;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.TokenSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing of a login is handed out before its ID token is good. */
@ExtendWith(ScriptedServers.class)
class LoginIdTokenTest {

  private static final AuthorizationCodeGrant OPENID =
      Grant.authorizationCode().scope("openid read");

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  LoginIdTokenTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = server;
  }

  private WebLogin web(AuthorizationCodeGrant grant) {
    return new WebLogin(server, grant, builder -> builder.clocks(clock, clock::nanoTime));
  }

  @Spec({"ID-01", "ID-05"})
  @Test
  void aGoodOneSaysWhoLoggedIn() throws Exception {
    try (WebLogin web = web(OPENID)) {
      TokenSet tokens = web.login();
      IdToken who = tokens.validatedIdToken().orElseThrow();
      assertThat(who.issuer()).isEqualTo(server.issuer().toString());
      assertThat(who.audience()).containsExactly(WebLogin.ID);
      assertThat(who.subject()).isNotEmpty();
      assertThat(tokens.idToken()).contains(who.compact());
    }
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        bad("another nonce", jwt -> jwt.claim("nonce", "another")),
        bad("no nonce", jwt -> jwt.without("nonce")),
        bad("another issuer", jwt -> jwt.claim("iss", "https://evil.example.com")),
        bad("another audience", jwt -> jwt.claim("aud", "other")),
        bad("another access token", jwt -> jwt.claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")),
        bad("no signature", Jwt::unsigned),
        bad("a broken signature", Jwt::brokenSignature));
  }

  private static Arguments bad(String name, UnaryOperator<Jwt> change) {
    return Arguments.of(name, change);
  }

  @Spec({"ID-01", "ID-02", "ID-03", "ID-05", "ID-07"})
  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void aBadOneEndsTheLogin(String name, UnaryOperator<Jwt> change) {
    server.alterJwts(JwtKind.ID_TOKEN, change);
    try (WebLogin web = web(OPENID)) {
      assertThat(WebLogin.refusal(web::login)).hasMessageContaining("The ID token of");
    }
  }

  @Spec("ID-01")
  @Test
  void aMissingOneEndsTheLogin() {
    server.alterAnswers("token_endpoint", LoginIdTokenTest::withoutIdToken);
    try (WebLogin web = web(OPENID)) {
      assertThat(WebLogin.refusal(web::login)).hasMessageContaining("without an ID token");
    }
  }

  private static Map<String, Object> withoutIdToken(Map<String, Object> answer) {
    Map<String, Object> rest = new HashMap<>(answer);
    rest.remove("id_token");
    return rest;
  }

  @Spec("ID-06")
  @Test
  void aLoginThatIsOlderThanWasAskedForEndsIt() {
    server.alterJwts(
        JwtKind.ID_TOKEN,
        jwt -> jwt.claim("auth_time", clock.instant().minusSeconds(3600).getEpochSecond()));
    try (WebLogin web = web(OPENID.authorizationParameter("max_age", "60"))) {
      assertThat(WebLogin.refusal(web::login)).hasMessageContaining("The ID token of");
    }
  }

  @Test
  void withoutTheScopeNobodyAsks() throws Exception {
    server.alterJwts(JwtKind.ID_TOKEN, Jwt::unsigned);
    try (WebLogin web = web(Grant.authorizationCode().scope("read"))) {
      assertThat(web.login().validatedIdToken()).isEmpty();
    }
  }
}
