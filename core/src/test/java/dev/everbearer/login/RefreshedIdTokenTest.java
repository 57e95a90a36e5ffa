package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.RefreshTokenGrant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Jwt;
import dev.everbearer.testing.server.JwtKind;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.RefreshTokensFor;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ID token that comes with refreshed tokens is of the login that they began with. */
@ExtendWith(ScriptedServers.class)
class RefreshedIdTokenTest {

  private static final AuthorizationCodeGrant GRANT =
      Grant.authorizationCode().scope("openid read");

  private final ScriptedAuthorizationServer server;
  private final List<URI> opened = new CopyOnWriteArrayList<>();

  RefreshedIdTokenTest(ScriptedAuthorizationServer server) {
    this.server = server;
    server.refreshTokensFor(RefreshTokensFor.EVERY_LOGIN);
    server.registerPublicClient("native");
    server.registerRedirectUris("native", "http://127.0.0.1/cb");
  }

  private OAuthClient client() {
    return builder().build();
  }

  private OAuthClientBuilder builder() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .authentication(ClientAuthentication.none("native"))
        .login(Login.inBrowser(this::visit).path("/cb"));
  }

  private void visit(URI url) {
    opened.add(url);
    try {
      new UserAgent().open(url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> good() {
    return Stream.of(
        Arguments.of("as the server makes it", (UnaryOperator<Jwt>) jwt -> jwt),
        Arguments.of("no auth_time", (UnaryOperator<Jwt>) jwt -> jwt.without("auth_time")));
  }

  @Spec("ID-09")
  @ParameterizedTest(name = "{0}")
  @MethodSource("good")
  void aGoodOneIsTaken(String name, UnaryOperator<Jwt> change) {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(GRANT);
      AccessToken first = source.token();
      server.alterJwts(JwtKind.ID_TOKEN, change);
      source.invalidate(first);
      assertThat(source.token()).isNotEqualTo(first);
      assertThat(opened).hasSize(1);
    }
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        bad("another issuer", jwt -> jwt.claim("iss", "https://evil.example.com")),
        bad("another person", jwt -> jwt.claim("sub", "mallory")),
        bad("another audience", jwt -> jwt.claim("aud", "other")),
        bad("another login", jwt -> jwt.claim("auth_time", 1_000_000_000)),
        bad("a nonce of another login", jwt -> jwt.claim("nonce", "another")),
        bad("a broken signature", Jwt::brokenSignature));
  }

  private static Arguments bad(String name, UnaryOperator<Jwt> change) {
    return Arguments.of(name, change);
  }

  @Spec("ID-09")
  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void withABadOneTheTokensAreDiscarded(String name, UnaryOperator<Jwt> change) {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(GRANT);
      AccessToken first = source.token();
      server.alterJwts(JwtKind.ID_TOKEN, change);
      source.invalidate(first);
      int before = server.tokenRequests().size();
      assertThatThrownBy(source::token)
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("discarded");
      assertThat(server.tokenRequests()).as("not repeated by itself").hasSize(before + 1);
    }
  }

  private OAuthClientBuilder sharing(TokenStore store) {
    server.refreshPolicy(RefreshPolicy.STRICT);
    return builder().store(store);
  }

  private static String refreshTokenIn(TokenStore store) {
    GrantRecord record = store.read(GrantKey.of("native", GRANT)).record();
    return record.refreshToken().orElseThrow().reveal();
  }

  static Stream<Arguments> badOfTheSamePerson() {
    return Stream.of(
        bad("it ran out", jwt -> jwt.claim("exp", 1_000_000_000)),
        bad("of another day", jwt -> jwt.claim("iat", 1_000_000_000)),
        bad("another login", jwt -> jwt.claim("auth_time", 1_000_000_000)),
        bad("a broken signature", Jwt::brokenSignature));
  }

  @Spec({"ID-09", "RF-03"})
  @ParameterizedTest(name = "{0}")
  @MethodSource("badOfTheSamePerson")
  void aBadOneDoesNotCostTheGrant(String name, UnaryOperator<Jwt> change) {
    MemoryTokenStore store = new MemoryTokenStore();
    try (OAuthClient client = sharing(store).build();
        OAuthClient next = sharing(store).build()) {
      TokenSource source = client.tokens(GRANT);
      AccessToken first = source.token();
      String before = refreshTokenIn(store);
      server.alterJwts(JwtKind.ID_TOKEN, change);
      source.invalidate(first);
      assertThatThrownBy(source::token)
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("A new refresh token of ")
          .hasMessageContaining("is kept");
      assertThat(refreshTokenIn(store)).isNotEqualTo(before);
      server.alterJwts(JwtKind.ID_TOKEN, UnaryOperator.identity());
      TokenSource afterwards = next.tokens(GRANT);
      afterwards.invalidate(afterwards.token());
      assertThat(afterwards.token()).isNotEqualTo(first);
    }
    assertThat(opened).hasSize(1);
    assertThat(server.reuseDetected()).isZero();
  }

  @Spec("ID-09")
  @Test
  void whatCameForAnotherPersonIsNotKept() {
    MemoryTokenStore store = new MemoryTokenStore();
    try (OAuthClient client = sharing(store).build()) {
      TokenSource source = client.tokens(GRANT);
      AccessToken first = source.token();
      String before = refreshTokenIn(store);
      server.alterJwts(
          JwtKind.ID_TOKEN, jwt -> jwt.claim("sub", "mallory").claim("exp", 1_000_000_000));
      source.invalidate(first);
      assertThatThrownBy(source::token).hasMessageContaining("are discarded");
      assertThat(refreshTokenIn(store)).isEqualTo(before);
    }
  }

  @Spec("ID-09")
  @Test
  void withoutTheScopeNobodyAsks() {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.authorizationCode().scope("read"));
      AccessToken first = source.token();
      server.alterJwts(JwtKind.ID_TOKEN, Jwt::brokenSignature);
      source.invalidate(first);
      assertThat(source.token()).isNotEqualTo(first);
    }
  }

  // ---- a refresh token from elsewhere

  private RefreshTokenGrant handedIn(OAuthClient client) {
    TokenSet tokens = client.fetch(GRANT);
    return Grant.refreshToken(tokens.refreshToken().orElseThrow().reveal())
        .idToken(tokens.validatedIdToken().orElseThrow());
  }

  @Spec("ID-09")
  @ParameterizedTest(name = "{0}")
  @MethodSource("good")
  void aGoodOneIsTakenBesideTheOneThatWasHandedIn(String name, UnaryOperator<Jwt> change) {
    try (OAuthClient client = client()) {
      RefreshTokenGrant grant = handedIn(client);
      server.alterJwts(JwtKind.ID_TOKEN, change);
      assertThat(client.tokens(grant).token()).isNotNull();
    }
  }

  @Spec("ID-09")
  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void aBadOneIsNotTakenBesideTheOneThatWasHandedIn(String name, UnaryOperator<Jwt> change) {
    try (OAuthClient client = client()) {
      RefreshTokenGrant grant = handedIn(client);
      server.alterJwts(JwtKind.ID_TOKEN, change);
      TokenSource source = client.tokens(grant);
      assertThatThrownBy(source::token)
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("discarded");
    }
  }
}
