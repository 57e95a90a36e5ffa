package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.databases.RedisProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The store goes down between the server's answer and the commit, and comes back. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class StoreOutageTest {

  private static final Duration BACK = Duration.ofSeconds(30);

  @TempDir Path home;

  @Test
  @Spec("RF-03")
  void whatCameWhileRedisIsKilledIsWrittenWhenItIsBack() throws IOException {
    try (RedisProcess redis = RedisProcess.start();
        Outage outage = new Outage(home, redis.url())) {
      outage.anAnswerIsThere();
      redis.kill();
      outage.itIsUsedAndNobodyAsksAgain();
      redis.again();
      outage.itIsWrittenAndTakenOver();
    }
  }

  @Test
  @Spec("RF-03")
  void whatCameWhilePostgresIsRestartedIsWrittenWhenItIsBack(@TempDir Path data)
      throws IOException {
    EmbeddedPostgres first = postgres(data, 0);
    try (first;
        Outage outage = new Outage(home, first.getJdbcUrl("postgres", "postgres"))) {
      outage.anAnswerIsThere();
      first.close();
      outage.itIsUsedAndNobodyAsksAgain();
      try (EmbeddedPostgres again = postgres(data, first.getPort())) {
        assertThat(again.getPort()).isEqualTo(first.getPort());
        outage.itIsWrittenAndTakenOver();
        outage.close();
      }
    }
  }

  private static EmbeddedPostgres postgres(Path data, int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data.resolve("postgres"))
            .setCleanDataDirectory(false);
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  /** One that has an answer, and another one that needs it. */
  private static final class Outage implements AutoCloseable {

    private final Scene scene;
    private final String refreshToken;
    private final Scene.Node holder;
    private final Scene.Node other;

    Outage(Path home, String url) {
      scene = Scene.inDatabase(home, url);
      refreshToken = scene.newRefreshToken();
      holder = scene.start(scene.steadyNode().at("cas:3:before:wait"));
      other = scene.start(scene.steadyNode());
      holder.await("started");
      other.await("started");
    }

    void anAnswerIsThere() {
      holder.renew(refreshToken);
      holder.await("reached");
    }

    void itIsUsedAndNobodyAsksAgain() {
      holder.tell("go");
      assertThat(scene.server.isActive(holder.await("token"))).isTrue();
      other.renew(refreshToken);
      other.awaitTrouble("nothing was sent");
      assertThat(scene.server.tokenRequests()).hasSize(1);
    }

    void itIsWrittenAndTakenOver() {
      assertThat(scene.server.isActive(other.await("token"))).isTrue();
      await().atMost(BACK).until(() -> scene.isAlive(refreshToken));
      assertThat(scene.server.tokenRequests()).hasSize(1);
      assertThat(scene.server.rotations()).isEqualTo(1);
      assertThat(holder.wanted() + other.wanted()).isZero();
    }

    @Override
    public void close() {
      scene.close();
    }
  }
}
