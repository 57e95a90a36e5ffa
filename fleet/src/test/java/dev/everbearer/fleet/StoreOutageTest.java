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
    try (OwnPostgres postgres = new OwnPostgres(data);
        Outage outage = new Outage(home, postgres.url())) {
      outage.anAnswerIsThere();
      postgres.stop();
      outage.itIsUsedAndNobodyAsksAgain();
      postgres.again();
      outage.itIsWrittenAndTakenOver();
    }
  }

  /** One that can be stopped, and goes on with its files at the same port. */
  private static final class OwnPostgres implements AutoCloseable {

    private final Path files;
    private final int port;
    private EmbeddedPostgres server;

    OwnPostgres(Path data) throws IOException {
      files = data.resolve("postgres");
      server = builder().start();
      port = server.getPort();
    }

    private EmbeddedPostgres.Builder builder() {
      return EmbeddedPostgres.builder().setDataDirectory(files).setCleanDataDirectory(false);
    }

    String url() {
      return server.getJdbcUrl("postgres", "postgres");
    }

    void stop() throws IOException {
      server.close();
    }

    void again() throws IOException {
      server = builder().setPort(port).start();
    }

    @Override
    public void close() throws IOException {
      stop();
    }
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
