package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A program that has blocked every thread of the JVM's common pool still gets its tokens. */
@ExtendWith(ScriptedServers.class)
class BusyCommonPoolTest {

  private final CountDownLatch free = new CountDownLatch(1);

  @BeforeEach
  void blockTheCommonPool() throws InterruptedException {
    int threads = ForkJoinPool.getCommonPoolParallelism();
    CountDownLatch busy = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      ForkJoinPool.commonPool().execute(() -> block(busy));
    }
    busy.await();
  }

  private void block(CountDownLatch busy) {
    busy.countDown();
    try {
      free.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void freeTheCommonPool() {
    free.countDown();
  }

  @Test
  void tokensArriveWithoutTheCommonPool(ScriptedAuthorizationServer server) {
    server.registerClient(ID, "any");
    try (OAuthClient client = clientOf(server).build()) {
      assertThat(client.tokens(Grant.clientCredentials()).token(Duration.ofSeconds(8)).value())
          .isNotEmpty();
    }
  }
}
