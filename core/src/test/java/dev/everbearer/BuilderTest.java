package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a builder checks at its end, and that what it built is then its own. */
@ExtendWith(ScriptedServers.class)
class BuilderTest {

  private static final ProxySelector NOWHERE =
      ProxySelector.of(InetSocketAddress.createUnresolved("proxy.invalid", 1));

  @Test
  void aBuiltClientDoesNotSeeLaterChangesOfItsBuilder(ScriptedAuthorizationServer server) {
    server.registerClient("id", "secret");
    OAuthClientBuilder builder =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .clientSecretBasic("id", "secret")
            .header("X-Which", "first");
    try (OAuthClient client = builder.build()) {
      builder.proxy(NOWHERE).header("X-Which", "second");
      client.fetch(Grant.clientCredentials());
    }
    assertThat(server.requests())
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.headers("X-Which")).containsExactly("first"));
  }

  @Test
  @Spec("SE-11")
  void anExchangeTakesFifteenSecondsAtMostUnlessItIsSetOtherwise() {
    OAuthClientBuilder builder = OAuthClient.builder();
    assertThat(builder.exchangeTimeout).isEqualTo(Duration.ofSeconds(15));
    assertThat(builder.exchangeTimeout(Duration.ofSeconds(3)).exchangeTimeout)
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aClientOfYoursTakesNoSettingsOfOurs() throws NoSuchAlgorithmException {
    SSLContext context = SSLContext.getDefault();
    Map<String, UnaryOperator<OAuthClientBuilder>> settings =
        Map.of(
            "proxy", builder -> builder.proxy(NOWHERE),
            "sslContext", builder -> builder.sslContext(context),
            "connectTimeout", builder -> builder.connectTimeout(Duration.ofSeconds(5)));
    settings.forEach(
        (name, setting) -> {
          OAuthClientBuilder builder =
              OAuthClient.builder()
                  .tokenEndpoint("https://id.example.com/token")
                  .clientSecretBasic("id", "secret")
                  .httpClient(HttpClient.newHttpClient());
          builder.build().close();
          assertThatThrownBy(setting.apply(builder)::build)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContainingAll("httpClient(...)", name + "(...)");
        });
  }
}
