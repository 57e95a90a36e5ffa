package dev.everbearer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: its exit status, its arguments, and the JVM's log. */
@ExtendWith(ScriptedServers.class)
class ProcessTest {

  @TempDir Path directory;

  @Test
  void logLinesAppearOnlyWhenAskedFor(ScriptedAuthorizationServer server) throws Exception {
    Answer odd =
        Answer.json(200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":\"x\"}");
    server.answerAlways(odd);

    Ended quiet = run(Run.asClientOf(server, "token"));
    Ended verbose = run(Run.asClientOf(server, "token", "-v"));

    assertThat(quiet.out()).isEqualTo("a\n");
    assertThat(quiet.err()).isEmpty();
    assertThat(verbose.out()).isEqualTo("a\n");
    assertThat(verbose.err())
        .contains("WARNING dev.everbearer.protocol: The answers of")
        .contains("Obtained a Bearer token ***");
  }

  @Test
  void failedAttemptsAreToldOnce(ScriptedAuthorizationServer server) throws Exception {
    server.answerNext(Answer.status(500));

    Ended run = run(Run.asClientOf(server, "token", "-v"));

    assertThat(run.status()).isZero();
    assertThat(run.err()).containsOnlyOnce("answered 500");
  }

  @Test
  void theExitStatusIsThatOfTheCommand(ScriptedAuthorizationServer server) throws Exception {
    assertThat(run("--version").status()).isZero();
    assertThat(run("token").status()).isEqualTo(2);
    server.answerNext(Answer.json(400, "{\"error\":\"invalid_scope\"}"));
    assertThat(run(Run.asClientOf(server, "token")).status()).isEqualTo(1);
  }

  @Test
  void theSecretIsNeverAmongTheArgumentsOfTheProcess(ScriptedAuthorizationServer server)
      throws Exception {
    server.answerAlways(Answer.hang());
    Process process = start(Run.asClientOf(server, "token"));
    server.awaitRequests(1, Duration.ofSeconds(60));

    String shown = String.join(" ", process.info().arguments().orElse(new String[0]));

    assertThat(shown).contains("--client-secret-env").doesNotContain(Run.SECRET);
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theRehearsalOfTheLauncherWorks() throws Exception {
    assertThat(end(startMain("dev.everbearer.cli.Rehearsal"))).isEqualTo(new Ended(0, "", ""));
  }

  // ---- processes

  private record Ended(int status, String out, String err) {}

  private Ended run(String... arguments) throws IOException, InterruptedException {
    return end(start(arguments));
  }

  private Process start(String... arguments) throws IOException {
    return startMain("dev.everbearer.cli.Everbearer", arguments);
  }

  private Process startMain(String main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(Files.createTempFile(directory, "in", "").toFile()))
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().put("SECRET", Run.SECRET);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder.start();
  }

  private Ended end(Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(directory.resolve("out")),
        Files.readString(directory.resolve("err")));
  }
}
