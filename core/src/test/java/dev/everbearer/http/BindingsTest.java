package dev.everbearer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.UnboundOriginException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests get a token: those to origins that are bound, and no lookalike. */
class BindingsTest {

  private static final TokenSource TOKENS = TokenSource.fixed("TheToken");

  private static BearerAuthorizer bound(String... origins) {
    return BearerAuthorizer.builder().bind(TOKENS, origins).build();
  }

  private record To(URI uri) implements OutgoingRequest {

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public boolean hasAuthorization() {
      return false;
    }

    @Override
    public boolean isReplayable() {
      return true;
    }

    @Override
    public Optional<Duration> timeout() {
      return Optional.empty();
    }
  }

  private static String authorization(BearerAuthorizer authorizer, String url) {
    Decision first = authorizer.begin(new To(URI.create(url))).start();
    Decision next =
        first instanceof Decision.Wait wait ? wait.next().toCompletableFuture().join() : first;
    return ((Decision.Send) next).headers().getOrDefault("Authorization", "");
  }

  @Spec("LC-51")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.x.test",
        "https://api.x.test/",
        "https://api.x.test/a?b=c",
        "https://API.x.test:443/a",
        "HTTPS://Api.X.Test",
        "wss://api.x.test/socket",
        "https://api.x.test:/a"
      })
  void anyWritingOfTheBoundOriginGetsTheToken(String url) {
    assertThat(authorization(bound("https://api.x.test"), url)).isEqualTo("Bearer TheToken");
    assertThat(authorization(bound("https://API.X.TEST:443/"), url)).isEqualTo("Bearer TheToken");
  }

  @Spec("LC-51")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.x.test.evil.test/",
        "https://api.x.test@evil.test/",
        "https://user@api.x.test/",
        "https://user:pw@api.x.test/",
        "https://evilapi.x.test/",
        "https://api.x.test./",
        "https://x.test/",
        "https://b.api.x.test/",
        "https://api.x.test:444/",
        "https://api.x.test:80/",
        "http://api.x.test/",
        "http://api.x.test:443/",
        "ws://api.x.test/",
        "ftp://api.x.test/",
        "https://\u00e4pi.x.test/",
        "https://api\u3002x.test/",
        "https://api.x.test%2eevil.test/",
        "https://api_x.test/",
        "https:///api.x.test/",
        "https:api.x.test"
      })
  void noLookalikeGetsAnything(String url) {
    assertThatThrownBy(() -> authorization(bound("https://api.x.test"), url))
        .isInstanceOf(UnboundOriginException.class)
        .hasMessageContaining("bind(")
        .hasMessageNotContaining("user@")
        .hasMessageNotContaining("pw");
    BearerAuthorizer lenient =
        BearerAuthorizer.builder().bind(TOKENS, "https://api.x.test").allowUnbound().build();
    assertThat(authorization(lenient, url)).isEmpty();
  }

  @Spec("LC-51")
  @Test
  void aWildcardWantsADotAndCoversNoMoreThanItsDomain() {
    BearerAuthorizer authorizer = bound("https://*.x.test");
    assertThat(authorization(authorizer, "https://a.x.test")).isNotEmpty();
    assertThat(authorization(authorizer, "https://B.A.X.test:443/")).isNotEmpty();
    for (String url :
        new String[] {
          "https://x.test",
          "https://evilx.test",
          "https://a.x.test.evil.test",
          "https://a.x.test:444",
          "http://a.x.test",
          "https://a.x.test.",
          "https://a@b.x.test"
        }) {
      assertThatThrownBy(() -> authorization(authorizer, url))
          .isInstanceOf(UnboundOriginException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"api.example.com", "*", "api.example.com/path", "*.example.com"})
  void anOriginWithoutItsSchemeIsToldSo(String origin) {
    assertThatThrownBy(() -> bound(origin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The scheme is missing, as in https://api.example.com: " + origin);
  }

  @Test
  void whereNothingIsBoundTheErrorSaysSo() {
    BearerAuthorizer authorizer = BearerAuthorizer.builder().build();
    assertThatThrownBy(() -> authorizer.begin(new PlainRequest("https://api.example.com/", true)))
        .isInstanceOf(UnboundOriginException.class)
        .hasMessageContaining("Bound are: nothing.");
  }

  @Spec("LC-51")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:Hunter2@api.x.test",
        "https://api.x.test.",
        "https://\u00e4pi.x.test",
        "https://api.x.test/path",
        "https://api.x.test?q=Hunter2",
        "https://api.x.test#f",
        "https://*",
        "https://*.",
        "https://*.test",
        "https://*x.test",
        "https://*.*.x.test",
        "https://a.*.x.test",
        "http://*.x.test",
        "http://api.x.test",
        "http://*.127.0.0.1",
        "api.x.test",
        "*",
        "",
        "https://a b"
      })
  void whatIsNoOriginCannotBeBound(String origin) {
    assertThatThrownBy(() -> bound(origin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("Hunter2");
  }

  @Spec("LC-51")
  @Test
  void punycodeIsAHostLikeAnyOther() {
    assertThat(authorization(bound("https://xn--pi-uia.x.test"), "https://XN--pi-uia.x.test/"))
        .isEqualTo("Bearer TheToken");
  }

  @Test
  void oneOriginIsNotBoundTwice() {
    assertThatThrownBy(() -> bound("https://a.test", "https://A.test:443"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void oneWildcardIsNotBoundTwice() {
    assertThatThrownBy(() -> bound("https://*.x.test", "https://*.X.test:443"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https://*.x.test is bound twice");
  }

  @Test
  void theNearestBindingWins() {
    BearerAuthorizer authorizer =
        BearerAuthorizer.builder()
            .bind(TokenSource.fixed("Wide"), "https://*.x.test")
            .bind(TokenSource.fixed("Narrow"), "https://*.eu.x.test")
            .bind(TokenSource.fixed("Exact"), "https://a.eu.x.test")
            .build();
    assertThat(authorization(authorizer, "https://a.x.test")).isEqualTo("Bearer Wide");
    assertThat(authorization(authorizer, "https://eu.x.test")).isEqualTo("Bearer Wide");
    assertThat(authorization(authorizer, "https://b.eu.x.test")).isEqualTo("Bearer Narrow");
    assertThat(authorization(authorizer, "https://a.eu.x.test")).isEqualTo("Bearer Exact");
  }

  @Test
  void aBindingNamesAnOriginAndAWaitIsNotNegative() {
    assertThatThrownBy(() -> BearerAuthorizer.builder().bind(TOKENS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Name the origins");
    assertThatThrownBy(() -> BearerAuthorizer.builder().maxWait(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("negative");
  }

  @Spec("SE-01")
  @Test
  void plainHttpIsForLoopbackAndForHostsThatAreNamed() {
    assertThat(authorization(bound("http://127.0.0.1:8080"), "http://127.0.0.1:8080/"))
        .isNotEmpty();
    assertThatThrownBy(
            () ->
                BearerAuthorizer.builder()
                    .requireHttpsOnLoopback()
                    .bind(TOKENS, "http://127.0.0.1:8080")
                    .build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatCode(
            () ->
                BearerAuthorizer.builder()
                    .allowPlainHttp("mesh.test")
                    .requireHttpsOnLoopback()
                    .bind(TOKENS, "http://mesh.test")
                    .build())
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                BearerAuthorizer.builder()
                    .allowPlainHttp("mesh.test")
                    .bind(TOKENS, "http://*.mesh.test")
                    .build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
