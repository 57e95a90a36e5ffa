package dev.everbearer.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class ExamplesTest {

  private static final String SECRET = "s3cret-c4nary";

  /** An example. */
  private interface Program {
    void run(Settings settings, PrintStream out) throws IOException, InterruptedException;
  }

  @Test
  void threeStepsByHandObtainSendAndObtainAgain(ScriptedAuthorizationServer server, ScriptedApi api)
      throws Exception {
    String out = run(ThreeStepsByHand::run, server, api);

    assertThat(out)
        .contains("Step 1: obtained a Bearer token ***", "it lives for PT5M")
        .contains("Step 2: the API answered 200: {\"path\":\"/user\"}")
        .contains("Step 3: no refresh token came", "        the API answered 200");
    assertThat(grants(server)).containsExactly("client_credentials", "client_credentials");
    assertThat(api.requests()).hasSize(2);
  }

  @Test
  void threeStepsByHandRefreshWhereTheServerAllowsIt(
      ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    server.refreshTokensForClientCredentials(true);
    server.refreshPolicy(RefreshPolicy.STRICT);

    String out = run(ThreeStepsByHand::run, server, api);

    assertThat(out).contains("Step 3: refreshed, and the refresh token was rotated");
    assertThat(grants(server)).containsExactly("client_credentials", "refresh_token");
    assertThat(api.requests())
        .extracting(request -> request.header("Authorization").orElse(""))
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  @Test
  void threeStatementsDoTheSame(ScriptedAuthorizationServer server, ScriptedApi api)
      throws Exception {
    String out = run(ThreeStatements::run, server, api);

    assertThat(out.strip()).isEqualTo("The API answered 200: {\"path\":\"/user\"}");
    assertThat(grants(server)).containsExactly("client_credentials");
  }

  @Test
  void aMissingSettingIsNamed() {
    assertThatThrownBy(() -> Settings.of(Map.of("TOKEN_ENDPOINT", "https://a.example/token")))
        .hasMessageContaining("CLIENT_ID");
  }

  private static String run(Program program, ScriptedAuthorizationServer server, ScriptedApi api)
      throws Exception {
    server.registerClient("my_client_id", SECRET);
    Settings settings =
        Settings.of(
            Map.of(
                "TOKEN_ENDPOINT",
                server.tokenEndpoint().toString(),
                "CLIENT_ID",
                "my_client_id",
                "CLIENT_SECRET",
                SECRET,
                "API_URL",
                api.uri("/user").toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    program.run(settings, new PrintStream(out, true, StandardCharsets.UTF_8));
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text + settings).doesNotContain(SECRET);
    return text;
  }

  private static List<String> grants(ScriptedAuthorizationServer server) {
    return server.tokenRequests().stream().map(ExamplesTest::grant).toList();
  }

  private static String grant(RecordedRequest request) {
    return request
        .form()
        .getOrDefault("grant_type", List.of())
        .toString()
        .replaceAll("[\\[\\]]", "");
  }
}
