package dev.everbearer.renewal;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.clientOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.TokenSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * On the memory store the program keeps the refresh tokens. A process that dies in the moment in
 * which it has done so has handed out nothing yet, and the next one goes on with what it kept.
 */
@ExtendWith(ScriptedServers.class)
class KeptBeforeUseTest {

  private static final String HANDED_OUT = "handed out";
  private static final int DIED = 77;

  /** A program that is killed as soon as it has kept the refresh token. */
  static final class Killed {

    private Killed() {}

    public static void main(String[] args) {
      try (OAuthClient client =
          OAuthClient.builder()
              .tokenEndpoint(args[0])
              .clientSecretBasic(ID, SECRET)
              .onRotated(
                  tokens -> {
                    keep(Path.of(args[2]), tokens);
                    Runtime.getRuntime().halt(DIED);
                  })
              .build()) {
        client.tokens(Grant.refreshToken(args[1])).token();
        System.out.println(HANDED_OUT);
      }
    }

    private static void keep(Path file, TokenSet tokens) {
      String next = tokens.refreshToken().orElseThrow().reveal();
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        channel.write(StandardCharsets.UTF_8.encode(next));
        channel.force(true);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  @Spec("RF-03")
  void aProcessThatDiesWhenItHasKeptTheRefreshTokenLosesNothing(
      ScriptedAuthorizationServer server, @TempDir Path folder) throws Exception {
    server.registerClient(ID, SECRET);
    Path kept = folder.resolve("refresh-token");
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Killed.class.getName(),
                    server.tokenEndpoint().toString(),
                    server.issueRefreshToken(ID),
                    kept.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(DIED);
    assertThat(Files.readString(output)).doesNotContain(HANDED_OUT);

    try (OAuthClient next = clientOf(server).build()) {
      assertThat(next.tokens(Grant.refreshToken(Files.readString(kept))).token()).isNotNull();
    }
    assertThat(server.rotations()).isEqualTo(2);
    assertThat(server.reuseDetected()).isZero();
  }
}
