package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.CapturedLogs;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import java.net.URI;
import java.util.Set;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which URLs are called at all. */
class EndpointRulesTest {

  private static final String[] LOOPBACK = {
    "http://127.0.0.1/token",
    "http://127.0.0.1:8080/token",
    "http://127.255.0.3/token",
    "http://[::1]:8080/token",
    "http://localhost/token",
    "http://LOCALHOST:9/token"
  };

  private static OAuthClientBuilder at(String tokenEndpoint) {
    return OAuthClient.builder().tokenEndpoint(tokenEndpoint).clientSecretPost("id", "secret");
  }

  @Spec("SE-01")
  @Test
  void httpsIsCalledAndPlainHttpOnLoopback() {
    at("https://id.example.com/token").build().close();
    at("HTTPS://id.example.com/token").build().close();
    for (String url : LOOPBACK) {
      at(url).build().close();
    }
  }

  @Spec("SE-01")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1/token",
        "http://id.example.com/token",
        "http://localhost.evil.test/token",
        "http://localhost./token",
        "http://evil-localhost/token",
        "http://127.0.0.1.evil.test/token",
        "http://127.1/token",
        "http://2130706433/token",
        "http://0x7f.0.0.1/token",
        "http://127.0.0.256/token",
        "http://0.0.0.0/token",
        "http://[::]/token",
        "http://[::ffff:127.0.0.1]/token",
        "http://[2001:db8::1]/token",
        "ws://127.0.0.1/token",
        "ftp://id.example.com/token",
        "file:///etc/passwd",
        "id.example.com/token",
        "https://user:Hunter2@id.example.com/token",
        "http://id.example.com/token?key=Hunter2",
        "https://id.example.com/token?key=Hunter2#f",
        "https://user:Hunter2@id_example/token",
        "https://id example.com/token?key=Hunter2"
      })
  void everythingElseIsRefusedWithoutRepeatingItsSecrets(String url) {
    assertThatThrownBy(() -> at(url).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("Hunter2")
        .hasNoCause();
  }

  @Spec("SE-01")
  @Test
  void oneSettingEndsTheExemptionOfLoopback() {
    for (String url : LOOPBACK) {
      assertThatThrownBy(() -> at(url).requireHttpsOnLoopback().build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be https");
    }
    try (OAuthClient client = at("https://h/token").requireHttpsOnLoopback().build()) {
      assertThatThrownBy(
              () -> client.httpClientFor("http://127.0.0.1:1", Grant.clientCredentials()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be https");
    }
  }

  @Spec("SE-01")
  @Test
  void hostsAreNamedOneByOneAndWarnedOf() {
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.wire")) {
      at("http://Warned.mesh.test/token").allowPlainHttp("warned.MESH.test").build().close();
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("warned.mesh.test", "plain http");
    }
    for (String other : new String[] {"http://a.warned.mesh.test/x", "http://mesh.test/x"}) {
      assertThatThrownBy(() -> at(other).allowPlainHttp("warned.mesh.test").build())
          .isInstanceOf(IllegalArgumentException.class);
    }
    EndpointRules strict = new EndpointRules(false, Set.of("localhost"));
    assertThat(strict.check("x", URI.create("http://localhost/x"))).isNotNull();
    assertThatThrownBy(() -> strict.check("x", URI.create("http://127.0.0.1/x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Spec("SE-01")
  @Test
  void theIssuerIsHeldToTheSameRules() {
    for (String issuer : new String[] {"http://10.0.0.1", "http://localhost.evil.test"}) {
      assertThatThrownBy(
              () -> OAuthClient.builder().issuer(issuer).clientSecretPost("id", "secret").build())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
