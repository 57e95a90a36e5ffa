package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The program's own executor, all of whose threads wait for another registration. */
@ExtendWith(ScriptedServers.class)
class EnrolmentOnOwnThreadsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final RegisteredProgram program;
  private final ExecutorService own = Executors.newFixedThreadPool(1);

  EnrolmentOnOwnThreadsTest(
      SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.program = new RegisteredProgram(clock, server, api);
    program.hasTimers = true;
  }

  @AfterEach
  void stop() {
    own.shutdownNow();
  }

  /** Its secret has ended, and the update does not come. */
  private ResourceClient over() {
    server.registration().secretLifetime(Duration.ofDays(10)).rotateCredentials(true);
    program.also = client -> client.executor(own);
    ResourceClient found = program.start().connect();
    assertThat(found.tokens().token()).isNotNull();
    server
        .script(program.kept().configurationUri().orElseThrow().getPath())
        .answerNext(Answer.healthy().held());
    server.answerAlways(Answer.json(401, "{\"error\":\"invalid_client\"}"));
    clock.advance(Duration.ofDays(11));
    server.answerHealthy();
    return found;
  }

  /** Asks on the only thread that there is, and waits. */
  private Future<AccessToken> waiting(ResourceClient found) {
    int others = clock.pendingTasks();
    Future<AccessToken> caller = own.submit(() -> found.tokens().token(SECOND));
    server.awaitHung(1, SOON);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(SOON)
        .until(() -> clock.pendingTasks() > others);
    return caller;
  }

  private static Throwable failure(Future<?> caller) {
    return Assertions.catchThrowableOfType(
            ExecutionException.class, () -> caller.get(SOON.toSeconds(), TimeUnit.SECONDS))
        .getCause();
  }

  @Test
  @Spec("MC-06")
  void theLimitOfACallerOnTheOnlyThreadHolds() {
    try (ResourceClient found = over()) {
      Future<AccessToken> caller = waiting(found);
      clock.advance(SECOND);
      assertThat(failure(caller))
          .isInstanceOf(TokenTimeoutException.class)
          .hasMessageContaining("its secret has ended");
      server.releaseHung();
    }
  }

  @Test
  @Spec("MC-06")
  void whatBecameOfTheRegistrationReachesACallerOnTheOnlyThread() {
    ResourceClient found = over();
    Future<AccessToken> caller = waiting(found);
    found.close();
    assertThat(failure(caller)).isInstanceOf(SourceClosedException.class);
    server.releaseHung();
  }
}
