package dev.everbearer;

import static dev.everbearer.Exchanges.granted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.TokenSet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which profile a client takes. The scripted server stands in for well-known ones, as a proxy. */
@ExtendWith(ScriptedServers.class)
class ProviderSelectionTest {

  private static final Answer COMMAS = granted("\"scope\":\"repo,user\"");
  private static final Answer OF_A_BOT =
      Answer.json(200, "{\"access_token\":\"xoxb-1\",\"token_type\":\"bot\"}");

  private final ScriptedAuthorizationServer server;

  ProviderSelectionTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  private OAuthClientBuilder at(String host) {
    return OAuthClient.builder()
        .tokenEndpoint("http://" + host + "/token")
        .allowPlainHttp(host)
        .proxy(
            ProxySelector.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.issuer().getPort())))
        .clientSecretPost("id", "secret");
  }

  private TokenSet answered(OAuthClientBuilder builder, Answer answer) {
    server.answerNext(answer);
    try (OAuthClient client = builder.build()) {
      return client.fetch(Grant.clientCredentials());
    }
  }

  private Set<String> scope(OAuthClientBuilder builder) {
    return answered(builder, COMMAS).accessToken().scope().orElseThrow().tokens();
  }

  @Test
  void aWellKnownServerGetsItsProfileWithoutBeingNamed() {
    assertThat(scope(at("github.com"))).containsExactly("repo", "user");
    assertThat(scope(at("open.tiktokapis.com"))).containsExactly("repo", "user");
    assertThat(scope(at("id.example.com"))).containsExactly("repo,user");
  }

  @Test
  void aGivenProfileIsTakenInPlaceOfTheKnownOne() {
    assertThat(scope(at("github.com").profile(ProviderProfile.standard())))
        .containsExactly("repo,user");
    assertThat(scope(at("github.com").profile(ProviderProfile.strict())))
        .containsExactly("repo,user");
    assertThat(scope(at("github.enterprise.example").profile(ProviderProfile.named("github"))))
        .containsExactly("repo", "user");
  }

  @Test
  void whatLoosensARuleAppliesOnlyWhereTheServerIsNamed() {
    assertThatThrownBy(() -> answered(at("slack.com"), OF_A_BOT))
        .isInstanceOf(MalformedAnswerException.class)
        .hasMessageContaining("its token_type is not Bearer");
    assertThat(answered(at("slack.com").profile(ProviderProfile.named("slack")), OF_A_BOT))
        .extracting(tokens -> tokens.accessToken().value())
        .isEqualTo("xoxb-1");
  }

  @Test
  void underFapiNoProfileOfAServerApplies() {
    OAuthClientBuilder settings = OAuthClient.builder().issuer("https://github.com").fapi2();
    assertThat(new ServerAccess(settings).profile()).isSameAs(ProviderProfile.strict());
    settings.isFapi2 = false;
    assertThat(new ServerAccess(settings).profile().provider()).contains("github");
  }
}
