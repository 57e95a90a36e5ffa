package dev.everbearer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One run of the command inside this process, and what came of it.
 *
 * @param rawOut standard output, a character for each byte
 */
record Run(int status, String rawOut, String err) {

  static final String ID = "my-client";
  static final String SECRET = "s3cret-c4nary";

  /** Runs with the secret in the variable {@code SECRET} and nothing on standard input. */
  static Run of(String... arguments) {
    return with("", false, arguments);
  }

  static Run onTerminal(String... arguments) {
    return with("", true, arguments);
  }

  static Run withInput(String input, String... arguments) {
    return with(input, false, arguments);
  }

  private static Run with(String input, boolean isTerminal, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings around =
        new Surroundings(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("SECRET", SECRET, "EMPTY", ""),
            isTerminal);
    int status = Everbearer.run(around, arguments);
    Run run =
        new Run(
            status,
            out.toString(StandardCharsets.ISO_8859_1),
            err.toString(StandardCharsets.UTF_8));
    run.assertThatNoSecretShows();
    return run;
  }

  /** The arguments of a client that the server knows, after others. */
  static String[] asClientOf(ScriptedAuthorizationServer server, String... others) {
    server.registerClient(ID, SECRET);
    List<String> all = new ArrayList<>(Arrays.asList(others));
    all.addAll(List.of("--token-endpoint", server.tokenEndpoint().toString()));
    all.addAll(List.of("--client-id", ID, "--client-secret-env", "SECRET"));
    return all.toArray(String[]::new);
  }

  byte[] outBytes() {
    return rawOut.getBytes(StandardCharsets.ISO_8859_1);
  }

  String out() {
    return new String(outBytes(), StandardCharsets.UTF_8);
  }

  private void assertThatNoSecretShows() {
    assertThat(out() + err).doesNotContain(SECRET);
  }
}
