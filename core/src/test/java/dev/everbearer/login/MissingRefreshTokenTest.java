package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.CapturedLogs;
import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RefreshTokensFor;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A login that brings no refresh token is spoken of where one will be needed. */
@ExtendWith(ScriptedServers.class)
class MissingRefreshTokenTest {

  private static final String WARNING = "brought no refresh token";

  private final ScriptedAuthorizationServer server;

  MissingRefreshTokenTest(ScriptedAuthorizationServer server) {
    this.server = WebLogin.withoutPushing(server);
    server.registerPublicClient("native");
    server.registerRedirectUris(
        "native", "http://127.0.0.1/callback/127.0.0.1-" + server.issuer().getPort());
  }

  private List<String> warningsOfLogin(ProviderProfile profile) {
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.renewal");
        OAuthClient client =
            OAuthClient.builder()
                .issuer(server.issuer().toString())
                .authentication(ClientAuthentication.none("native"))
                .login(Login.inBrowser(this::visit).timeLimit(Duration.ofSeconds(20)))
                .profile(profile)
                .build()) {
      client.tokens(Grant.authorizationCode().scope("read")).token();
      return warnings(logs);
    }
  }

  private void visit(URI url) {
    try {
      new UserAgent().open(url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> warnings(CapturedLogs logs) {
    return logs.messages(Level.WARNING).stream().filter(it -> it.contains(WARNING)).toList();
  }

  @Spec("PQ-10")
  @Test
  void aSourceThatWillNeedOneSaysWhatToAskFor() {
    server.refreshTokensFor(RefreshTokensFor.NO_LOGIN);
    assertThat(warningsOfLogin(ProviderProfile.standard()))
        .singleElement()
        .asString()
        .contains(server.issuer().toString(), "somebody has to log in again", "offline_access");
  }

  @Spec("PQ-10")
  @Test
  void theAdviceIsThatOfTheProvider() {
    server.refreshTokensFor(RefreshTokensFor.NO_LOGIN);
    assertThat(warningsOfLogin(ProviderProfile.named("google")))
        .singleElement()
        .asString()
        .contains("access_type=offline", "prompt=consent")
        .doesNotContain("offline_access");
    ProviderProfile own = ProviderProfile.builder().refreshTokenAdvice("Ask the {0} desk.").build();
    assertThat(warningsOfLogin(own)).singleElement().asString().endsWith("Ask the {0} desk.");
  }

  @Spec("PQ-10")
  @Test
  void nothingIsSaidWhereOneComesOrTheTokenDoesNotEnd() {
    assertThat(warningsOfLogin(ProviderProfile.standard())).isEmpty();
    server.refreshTokensFor(RefreshTokensFor.NO_LOGIN);
    server.alterAnswers(
        "token_endpoint",
        answer -> {
          Map<String, Object> endless = new TreeMap<>(answer);
          endless.remove("expires_in");
          return endless;
        });
    assertThat(warningsOfLogin(ProviderProfile.standard())).isEmpty();
  }

  @Spec("PQ-10")
  @Test
  void aWebApplicationHearsOfItWhereItAskedForOne() throws Exception {
    server.refreshTokensFor(RefreshTokensFor.NO_LOGIN);
    AuthorizationCodeGrant plain = Grant.authorizationCode().scope("read");
    assertThat(warningsOfWebLogin(plain)).isEmpty();
    assertThat(warningsOfWebLogin(plain.authorizationParameter("access_type", "offline")))
        .hasSize(1);
    assertThat(warningsOfWebLogin(plain.scope("read offline_access"))).hasSize(1);
  }

  private List<String> warningsOfWebLogin(AuthorizationCodeGrant grant) throws IOException {
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.renewal");
        WebLogin web = new WebLogin(server, grant, builder -> builder)) {
      web.login();
      return warnings(logs);
    }
  }
}
