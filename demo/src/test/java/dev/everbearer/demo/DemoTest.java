package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

  private static final Duration LIFETIME = Duration.ofSeconds(3);

  /** The server says 2 s; the soft margin of those is 300 ms and a fifth: 700 ms. */
  private static final double RENEWAL_PERIOD = 1.3;

  /** While calls wait, an attempt is made each second; before that, few fit into the margin. */
  private static final int REQUESTS_OF_AN_OUTAGE = 15;

  @Test
  void noCallFailsThroughAnOutageAndARevocation(@TempDir Path folder) throws Exception {
    Path chart = folder.resolve("run.png");
    Output run = Output.of(shortRun(8).threads(6).json(true).chart(chart).build());

    assertThat(run.err()).isEmpty();
    assertThat(run.json().propertyNames())
        .containsExactlyInAnyOrder(
            "calls",
            "failedCalls",
            "callsNotMade",
            "tokenRequests",
            "backgroundRenewals",
            "waitedCalls",
            "healed401",
            "p50Millis",
            "p99Millis",
            "durationSeconds");
    assertThat(run.json().values()).allMatch(value -> value.isNumber());
    assertThat(run.out().strip().lines()).hasSize(1);
    assertThat(run.number("failedCalls")).isZero();
    assertThat(run.status()).isZero();
    assertThat(run.number("calls")).isBetween(200L, 400L);
    assertThat(run.number("backgroundRenewals")).isPositive();
    assertThat(run.number("waitedCalls")).isPositive();
    assertThat(run.number("healed401")).isPositive();
    assertThat(run.number("tokenRequests"))
        .isBetween(4L, (long) (8 / RENEWAL_PERIOD) + REQUESTS_OF_AN_OUTAGE);
    assertThat(run.json().path("durationSeconds").asDouble()).isGreaterThanOrEqualTo(8.0);
    assertThat(run.json().path("p50Millis").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(run.json().path("p99Millis").asDouble());
    assertThat(ImageIO.read(chart.toFile()).getWidth()).isEqualTo(2 * ChartFile.WIDTH);
  }

  @Test
  void manyThreadsNeedNoMoreTokensThanOne() {
    Output run =
        Output.of(
            shortRun(6)
                .threads(32)
                .rate(200)
                .outage(Duration.ZERO)
                .revoke(false)
                .json(true)
                .build());

    assertThat(run.status()).isZero();
    long periods = (long) (6 / RENEWAL_PERIOD);
    assertThat(run.number("tokenRequests")).isBetween(periods - 1, periods + 2);
    assertThat(run.number("backgroundRenewals")).isBetween(1L, run.number("tokenRequests") - 1);
    assertThat(run.number("healed401")).isZero();
  }

  @Test
  void callsThatMayNotWaitFailInAnOutageAndSoDoesTheRun(@TempDir Path folder) throws IOException {
    Path chart = folder.resolve("run.svg");
    Output run =
        Output.of(shortRun(5).revoke(false).maxWait(Duration.ofMillis(20)).chart(chart).build());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("Failed calls +[1-9]\\d* +(The token endpoint|No access token within)")
        .containsPattern("would have failed\\R[1-9]\\d* of these calls");
    List<String> progress = run.err().lines().toList();
    assertThat(progress)
        .anyMatch(
            line ->
                line.endsWith(
                    "Tokens live 3 s; expires_in says 2 s, rounded down, and that counts."))
        .anyMatch(line -> line.contains("The outage begins"))
        .anyMatch(line -> line.contains("The outage is over"));
    assertThat(Svg.texts(chart))
        .contains("Calls per second", "Calls failed", "Outage: no token to be had");
  }

  private static DemoOptions.Builder shortRun(int seconds) {
    return DemoOptions.builder()
        .duration(Duration.ofSeconds(seconds))
        .tokenLifetime(LIFETIME)
        .outage(Duration.ofSeconds(3))
        .rate(50);
  }
}
