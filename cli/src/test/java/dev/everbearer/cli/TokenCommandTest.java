package dev.everbearer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ClientAuthMethod;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ScriptedServers.class)
class TokenCommandTest {

  @Test
  void printsTheTokenAndNothingElse(ScriptedAuthorizationServer server) {
    Run run = Run.of(Run.asClientOf(server, "token"));

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).endsWith("\n").hasLineCount(1);
    assertThat(server.isActive(run.out().strip())).isTrue();
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  void printsTheSameOnATerminal(ScriptedAuthorizationServer server) {
    Run run = Run.onTerminal(Run.asClientOf(server, "token"));

    assertThat(run.err()).isEmpty();
    assertThat(server.isActive(run.out().strip())).isTrue();
  }

  @Test
  void asksTheDiscoveredServerForWhatTheOptionsSay(ScriptedAuthorizationServer server) {
    server.registerClient(Run.ID, Run.SECRET);

    Run run =
        Run.of(
            "token",
            "--issuer",
            server.issuer().toString(),
            "--client-id",
            Run.ID,
            "--client-secret-env",
            "SECRET",
            "--scope",
            "read write",
            "--scope",
            "admin",
            "--resource",
            "https://a.example.com",
            "--audience",
            "b");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(server.tokenRequests().get(0).form())
        .containsEntry("scope", List.of("read write admin"))
        .containsEntry("resource", List.of("https://a.example.com"))
        .containsEntry("audience", List.of("b"));
  }

  @Test
  void sendsTheSecretAsToldOrInTheBodyWhereTheMetadataListThat(ScriptedAuthorizationServer server) {
    Run.of(Run.asClientOf(server, "token", "--auth", "basic"));
    Run.of(Run.asClientOf(server, "token", "--auth", "POST"));
    server.acceptOnly(ClientAuthMethod.CLIENT_SECRET_POST);
    Run byMetadata =
        Run.of(
            "token",
            "--issuer",
            server.issuer().toString(),
            "--client-id",
            Run.ID,
            "--client-secret-env",
            "SECRET");

    assertThat(byMetadata.status()).as(byMetadata.err()).isZero();
    assertThat(server.tokenRequests())
        .extracting(request -> request.form().containsKey("client_secret"))
        .containsExactly(false, true, true);
  }

  // ---- where the secret comes from

  @Test
  void takesTheSecretFromFileInputOrEnvironment(
      ScriptedAuthorizationServer server, @TempDir Path directory) throws IOException {
    server.registerClient(Run.ID, Run.SECRET);
    Path file = Files.writeString(directory.resolve("a secret.txt"), Run.SECRET + "\r\n");

    assertThat(token(server, "--client-secret-file", file.toString()).status()).isZero();
    assertThat(token(server, "--client-secret-env", "SECRET").status()).isZero();
    assertThat(Run.withInput(Run.SECRET + "\n", arguments(server, "--client-secret-stdin")).err())
        .isEmpty();
    assertThat(server.accessTokensIssued()).isEqualTo(3);
  }

  @Test
  @Spec("BP-06")
  void refusesASecretAmongTheArgumentsAndSaysWhatToUse(ScriptedAuthorizationServer server) {
    for (String[] form :
        List.of(
            new String[] {"--client-secret", Run.SECRET},
            new String[] {"--client-secret=" + Run.SECRET},
            new String[] {"--client_secret=" + Run.SECRET, "--client-secret-env", "SECRET"},
            new String[] {"--client-secret-stdin", Run.SECRET})) {
      Run run = token(server, form);

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
    }
    assertThat(token(server, "--client-secret", Run.SECRET).err())
        .contains("--client-secret-file", "--client-secret-env", "--client-secret-stdin")
        .contains("shell's history");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithTheSecretsSource(
      ScriptedAuthorizationServer server, @TempDir Path directory) throws IOException {
    String missing = directory.resolve("missing").toString();
    String twoLines = Files.writeString(directory.resolve("two"), "a\nb\n").toString();
    String binary =
        Files.write(directory.resolve("bin"), new byte[] {(byte) 0xC0, 0x20}).toString();
    String large = Files.writeString(directory.resolve("large"), "x".repeat(70_000)).toString();

    assertMisuse(token(server, "--client-secret-file", missing), "There is no file " + missing);
    assertMisuse(token(server, "--client-secret-file", twoLines), "it must be one line");
    assertMisuse(token(server, "--client-secret-file", binary), "is not UTF-8 text");
    assertMisuse(token(server, "--client-secret-file", large), "more than 64 KiB");
    assertMisuse(
        token(server, "--client-secret-file", directory.toString()), "cannot be read from");
    assertMisuse(token(server, "--client-secret-env", "NONE"), "--client-secret-env names is not");
    assertMisuse(token(server, "--client-secret-env", "EMPTY"), "variable EMPTY is empty");
    assertMisuse(token(server, "--client-secret-stdin"), "in standard input is empty");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  @Spec("BP-06")
  void aSecretInPlaceOfTheVariablesNameIsNotRepeated(ScriptedAuthorizationServer server) {
    for (String secret : List.of(Run.SECRET, "HUNTER-2", "hunter", "JBSWY3DPEHPK3PXP")) {
      Run run = token(server, "--client-secret-env", secret);

      assertMisuse(
          run,
          "The environment variable that --client-secret-env names is not set. Give the variable's"
              + " name, not the secret.");
      assertThat(run.err()).doesNotContain(secret);
    }
  }

  // ---- wrong command lines

  @Test
  void saysAllThatIsMissingAtOnce() {
    Run nothing = Run.of("token", "--scope", "a");
    Run noSecret = Run.of("token", "--client-id", "a", "--issuer", "https://id.example.com");
    Run noUrl = Run.of("get", "--client-id", "a");

    assertMisuse(nothing, "Missing: --issuer URL (or --token-endpoint URL); --client-id ID;");
    assertMisuse(
        nothing,
        "--client-secret-file FILE (or --client-secret-env NAME, or --client-secret-stdin).");
    assertMisuse(nothing, "Run 'everbearer token --help'");
    assertThat(noSecret.err())
        .contains("Missing: --client-secret-file")
        .doesNotContain("--client-id", "--issuer");
    assertMisuse(noUrl, "Missing: the URL to get; --issuer URL");
  }

  @Test
  void anIssuerThatCallsItselfOtherwiseIsToldAsWhatToGive(ScriptedAuthorizationServer server) {
    String issuer = server.issuer().toString();
    for (String detail : List.of("--scope=a", "--verbose")) {
      Run run =
          Run.of(
              "token",
              detail,
              "--issuer",
              issuer + "/",
              "--client-id",
              Run.ID,
              "--client-secret-env",
              "SECRET");

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err())
          .contains("trailing slash included. If that is the server that you mean,")
          .contains("give the issuer as '" + issuer + "'");
      assertThat(
              run.err()
                  .lines()
                  .filter(line -> !line.startsWith("dev.") && !line.startsWith("Caused")))
          .noneMatch(line -> line.contains("ProviderProfile"));
    }
  }

  @Test
  void saysWhichOptionIsMissingOrOneTooMany(ScriptedAuthorizationServer server) {
    String endpoint = server.tokenEndpoint().toString();

    assertMisuse(Run.of("token"), "--client-id");
    assertMisuse(Run.of("token", "--client-id", "a", "--client-secret-env", "SECRET"), "--issuer");
    assertMisuse(
        Run.of("token", "--client-id", "a", "--token-endpoint", endpoint), "--client-secret-file");
    assertMisuse(token(server, "--client-secret-env", "SECRET", "--issuer", endpoint), "--issuer");
    assertMisuse(
        token(server, "--client-secret-env", "SECRET", "--client-secret-stdin"),
        "--client-secret-stdin");
    assertMisuse(token(server, "--client-secret-env", "SECRET", "--timeout", "0"), "--timeout");
    assertMisuse(token(server, "--client-secret-env", "SECRET", "--timeout", "1d"), "500ms");
    assertMisuse(token(server, "--client-secret-env", "SECRET", "--scope", "a\"b"), "U+0022");
    assertMisuse(token(server, "--client-secret-env", "SECRET", "--resource", "api"), "RFC 8707");
    assertMisuse(token(server, "--client-secret-env", "SECRET", "--auth", "digest"), "--auth");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void refusesServersThatASecretMustNotGoTo() {
    for (String url :
        List.of(
            "http://id.example.com/token",
            "id.example.com",
            "ftp://a/b",
            "https://u:p@a.example")) {
      assertMisuse(
          Run.of(
              "token",
              "--token-endpoint",
              url,
              "--client-id",
              "a",
              "--client-secret-env",
              "SECRET"),
          "--token-endpoint");
    }
  }

  // ---- failures on the way

  @Test
  void aWrongSecretIsToldInOneSentenceAndIsTriedOnce(ScriptedAuthorizationServer server) {
    server.registerClient(Run.ID, "another");
    Run run = token(server, "--client-secret-env", "SECRET");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .hasLineCount(1)
        .contains("invalid_client", "Check the client id and secret")
        .doesNotContain("Exception", "\tat ");
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  void aStackTraceComesWhenItIsAskedFor(ScriptedAuthorizationServer server) {
    server.registerClient(Run.ID, "another");

    assertThat(token(server, "-v", "--client-secret-env", "SECRET").err())
        .contains("invalid_client", "OAuthErrorException", "\tat ");
  }

  @Test
  void theFirstFailedAttemptIsAlwaysTold(ScriptedAuthorizationServer server) {
    server.answerNext(Answer.status(500), Answer.status(502));

    Run run = Run.of(Run.asClientOf(server, "token"));

    assertThat(run.status()).isZero();
    assertThat(run.err())
        .hasLineCount(1)
        .startsWith("Attempt 1 failed: ")
        .contains("500", "Trying again in ");
    assertThat(server.isActive(run.out().strip())).isTrue();
  }

  @Test
  void everyFailedAttemptIsToldWhenAskedFor(ScriptedAuthorizationServer server) {
    server.answerNext(Answer.status(500), Answer.status(502));

    Run run = Run.of(Run.asClientOf(server, "token", "--verbose"));

    assertThat(run.status()).isZero();
    assertThat(run.err())
        .contains("Attempt 1 failed: ", "500")
        .contains("Attempt 2 failed: ", "502")
        .contains("Obtained a Bearer token ***");
  }

  @Test
  void anUnreachableServerIsToldAtOnceAndGivenUpInTime() {
    Run run =
        Run.of(
            "token",
            "--token-endpoint",
            "http://127.0.0.1:1/token",
            "--client-id",
            Run.ID,
            "--client-secret-env",
            "SECRET",
            "--timeout",
            "700ms");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("http://127.0.0.1:1/token could not be reached (connection refused)")
        .doesNotContain("Exception");
  }

  @Test
  @Spec("SE-16")
  void whatAServerWritesCannotSteerTheTerminal(ScriptedAuthorizationServer server) {
    server.answerNext(
        Answer.json(
            400,
            "{\"error\":\"invalid_scope\",\"error_description\":\"\\u001b[2Jred\\u202etxt\\u0007\\r\\nok\"}"));

    Run run = Run.of(Run.asClientOf(server, "token", "-v"));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("invalid_scope", "[2Jredtxt")
        .matches("(?s)[^\\p{Cntrl}\\u202e]*(?:[\\n\\t][^\\p{Cntrl}\\u202e]*)*");
  }

  private static Run token(ScriptedAuthorizationServer server, String... more) {
    return Run.of(arguments(server, more));
  }

  private static String[] arguments(ScriptedAuthorizationServer server, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "token",
                "--token-endpoint",
                server.tokenEndpoint().toString(),
                "--client-id",
                Run.ID));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static void assertMisuse(Run run, String words) {
    assertThat(run.err()).contains(words).doesNotContain("Exception");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }
}
