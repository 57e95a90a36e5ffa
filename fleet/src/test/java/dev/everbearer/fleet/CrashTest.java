package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.databases.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process ends, as by kill -9, at each step of a renewal, and is started again on the same
 * outbox. The first write of a renewal here puts the refresh token into the store, the second
 * claims it, the third brings its successor.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CrashTest {

  /** The request did not leave, or its answer was kept: one request that counts in all. */
  private static final List<String> SURVIVED =
      List.of(
          "cas:1:before",
          "cas:1:after",
          "cas:2:before",
          "cas:2:after",
          "put:1:after",
          "cas:3:before",
          "cas:3:after",
          "remove:1:before",
          "remove:1:after");

  /** The answer was nowhere but in the process that ended. */
  private static final String LOST = "put:1:before";

  private static final int AT_ONCE = 5;

  @TempDir Path home;

  @Test
  @Spec("RF-03")
  void aProcessThatIsKilledAtAnyStepLosesNothingThatItHasKeptInFiles() {
    try (Scene scene = Scene.inFiles(home)) {
      everyCrashButOneIsSurvived(scene);
    }
  }

  @Test
  @Spec("RF-03")
  void aProcessThatIsKilledAtAnyStepLosesNothingThatItHasKeptInPostgres() {
    try (Scene scene = Scene.inDatabase(home, PostgresServer.url())) {
      everyCrashButOneIsSurvived(scene);
    }
  }

  private static void everyCrashButOneIsSurvived(Scene scene) {
    for (int from = 0; from < SURVIVED.size(); from += AT_ONCE) {
      int end = Math.min(SURVIVED.size(), from + AT_ONCE);
      List<Crash> crashes =
          SURVIVED.subList(from, end).stream().map(where -> new Crash(scene, where)).toList();
      crashes.forEach(Crash::startAgain);
      crashes.forEach(Crash::hasItsToken);
    }
    assertThat(scene.server.reuseDetected()).isZero();
    assertThat(scene.server.tokenRequests()).hasSize(SURVIVED.size());
  }

  /** One process, one grant, one place to end. */
  private static final class Crash {

    private final Scene scene;
    private final String where;
    private final String refreshToken;
    private final Scene.Node first;
    private final List<Scene.Node> second = new ArrayList<>();

    Crash(Scene scene, String where) {
      this.scene = scene;
      this.where = where;
      this.refreshToken = scene.newRefreshToken();
      this.first = start(where + ":halt");
      first.renew(refreshToken);
    }

    private Scene.Node start(String crash) {
      return scene.start(where.replace(':', '-'), Duration.ZERO, crash);
    }

    void startAgain() {
      assertThat(first.process().awaitEnd()).as(where).isEqualTo(CrashPoints.HALTED);
      Scene.Node again = start("none");
      again.renew(refreshToken);
      second.add(again);
    }

    String outcome() {
      second.get(0).await("started");
      return second.get(0).next();
    }

    void hasItsToken() {
      String outcome = outcome();
      assertThat(outcome).as(where).startsWith("token ");
      assertThat(scene.server.isActive(outcome.substring("token ".length()))).as(where).isTrue();
      assertThat(scene.isAlive(refreshToken)).as(where).isTrue();
      second.get(0).process().close();
    }
  }

  @Test
  @Spec("RF-03")
  void anAnswerThatOnlyTheKilledProcessHadIsLostAndThatIsSaid() {
    try (Scene scene = Scene.inFiles(home)) {
      Crash crash = new Crash(scene, LOST);
      crash.startAgain();
      assertThat(crash.outcome()).isEqualTo("over LOST_IN_FLIGHT");
      assertThat(scene.server.tokenRequests()).hasSize(2);
    }
  }
}
