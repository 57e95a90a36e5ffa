package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.databases.PostgresServer;
import dev.everbearer.testing.databases.RedisProcess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Short runs of chaos; long ones are made by the command. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChaosTest {

  private static final Pattern JSON =
      Pattern.compile(
          "\\{\"rotations\":[1-9]\\d*,\"tokenRequests\":[1-9]\\d*,\"adoptions\":\\d+,"
              + "\"recoveries\":\\d+,\"kills\":\\d+,\"lostGrants\":0,\"openCases\":\\d+,"
              + "\"durationSeconds\":\\d+\\}\\R");

  private static final long SEED = 7;

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static ChaosOptions options(String store, boolean isJson) {
    return new ChaosOptions(3, store, Duration.ofSeconds(5), SEED, isJson);
  }

  private int run(ChaosOptions options) {
    return Chaos.run(
        options,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @Test
  void aRunLosesNoGrantAndPrintsOneObjectAlone() {
    int status = run(options("file:" + directory.resolve("grants"), true));

    assertThat(out.toString(StandardCharsets.UTF_8)).matches(JSON);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("--seed " + SEED);
    assertThat(status).isZero();
  }

  @Test
  void aRunOnPostgresLosesNoGrantAndSaysSo() {
    int status = run(options(PostgresServer.url(), false));

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("     0  grants were lost");
    assertThat(status).isZero();
  }

  @Test
  void aRunOnRedisLosesNoGrantAndSaysSo() {
    int status = run(options(RedisProcess.shared().url(), false));

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("     0  grants were lost");
    assertThat(status).isZero();
  }

  @Test
  void aLostGrantIsNoSuccess() {
    ChaosResult result = new ChaosResult(1, 1, 0, 0, 0, 1, 0, 1);
    assertThat(result.isGood()).isFalse();
    assertThat(result.text()).contains("     1  grants were lost");
    assertThat(result.json()).contains("\"lostGrants\":1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://user:secret@", "redis-socket://secret", "file:", "grants"})
  void aStoreOfAnotherKindIsRefusedAndNotRepeated(String store) {
    assertThatThrownBy(() -> options(store, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}
