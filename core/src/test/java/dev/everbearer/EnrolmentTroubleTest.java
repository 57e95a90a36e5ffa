package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.AnswerScript;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.token.TokenTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Registering anew when the server cannot, or does not answer: nobody hangs, nobody storms. */
@ExtendWith(ScriptedServers.class)
class EnrolmentTroubleTest {

  private static final int CALLERS = 20;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final RegisteredProgram program;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  EnrolmentTroubleTest(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.program = new RegisteredProgram(clock, server, api);
    program.hasTimers = true;
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private AnswerScript registrationEndpoint() {
    return server.script(server.endpoint("registration_endpoint").getPath());
  }

  /** Has a token, which is over now, as is the registration. */
  private ResourceClient forgotten() {
    ResourceClient found = program.start().connect();
    assertThat(found.tokens().token()).isNotNull();
    program.forgetAtServer();
    clock.advance(Duration.ofHours(2));
    return found;
  }

  private List<Future<AccessToken>> callers(ResourceClient found) {
    Callable<AccessToken> ask = () -> found.tokens().token(SECOND);
    return IntStream.range(0, CALLERS).mapToObj(each -> threads.submit(ask)).toList();
  }

  private void awaitTimers(int count) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(SOON)
        .until(() -> clock.pendingTasks() >= count);
  }

  private static Throwable failure(Future<?> caller) throws Exception {
    try {
      caller.get(SOON.toSeconds(), TimeUnit.SECONDS);
      throw new AssertionError("It succeeded.");
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  @Test
  @Spec("MC-06")
  void whoWaitsForARegistrationThatHangsComesBackByItsOwnDeadline() throws Exception {
    try (ResourceClient found = forgotten()) {
      registrationEndpoint().answerNext(Answer.hang());
      int others = clock.pendingTasks();
      List<Future<AccessToken>> callers = callers(found);
      server.awaitHung(1, SOON);
      awaitTimers(others + CALLERS);
      clock.advance(SECOND);
      for (Future<AccessToken> caller : callers) {
        assertThat(failure(caller))
            .isInstanceOf(TokenTimeoutException.class)
            .hasMessageContaining("within 1000 ms")
            .hasMessageContaining("regist");
      }
      assertThat(program.registrations()).hasSize(1);
      server.releaseHung();
    }
  }

  @Test
  @Spec("MC-06")
  void whoDoesNotBlockComesBackByItsDeadlineToo() throws Exception {
    try (ResourceClient found = forgotten()) {
      registrationEndpoint().answerNext(Answer.hang());
      int others = clock.pendingTasks();
      Future<AccessToken> caller = found.tokens().tokenAsync(SECOND).toCompletableFuture();
      server.awaitHung(1, SOON);
      awaitTimers(others + 1);
      clock.advance(SECOND);
      assertThat(failure(caller)).isInstanceOf(TokenTimeoutException.class);
      server.releaseHung();
    }
  }

  @Test
  @Spec({"DR-05", "MC-06"})
  void whoWaitsForAnUpdateThatHangsComesBackByItsOwnDeadlineToo() throws Exception {
    server.registration().secretLifetime(Duration.ofDays(10)).rotateCredentials(true);
    try (ResourceClient found = program.start().connect()) {
      assertThat(found.tokens().token()).isNotNull();
      server
          .script(program.kept().configurationUri().orElseThrow().getPath())
          .answerNext(Answer.healthy().held());
      // What renews in the background meanwhile is refused, before the secret ends as after.
      server.answerAlways(Answer.json(401, "{\"error\":\"invalid_client\"}"));
      clock.advance(Duration.ofDays(11));
      server.answerHealthy();
      int others = clock.pendingTasks();
      List<Future<AccessToken>> callers = new ArrayList<>(callers(found));
      callers.add(found.tokens().tokenAsync(SECOND).toCompletableFuture());
      server.awaitHung(1, SOON);
      awaitTimers(others + CALLERS + 1);
      clock.advance(SECOND);
      for (Future<AccessToken> caller : callers) {
        assertThat(failure(caller))
            .isInstanceOf(TokenTimeoutException.class)
            .hasMessageContaining("its secret has ended");
      }
      server.releaseHung();
      assertThat(found.tokens().token()).isNotNull();
      assertThat(program.managements()).hasSize(1);
      assertThat(program.logins).hasSize(1);
    }
  }

  @Test
  @Spec("MC-06")
  void aRegistrationThatWasSlowServesThoseWhoComeLater() throws Exception {
    try (ResourceClient found = forgotten()) {
      registrationEndpoint().answerNext(Answer.healthy().held());
      int others = clock.pendingTasks();
      List<Future<AccessToken>> callers = callers(found);
      server.awaitHung(1, SOON);
      awaitTimers(others + CALLERS);
      clock.advance(SECOND);
      assertThat(failure(callers.get(0))).isInstanceOf(TokenTimeoutException.class);
      server.releaseHung();
      assertThat(found.tokens().token()).isNotNull();
      assertThat(program.registrations()).hasSize(1);
    }
  }

  @Test
  @Spec("MC-06")
  void anInterruptEndsTheWaitForARegistration() throws Exception {
    try (ResourceClient found = forgotten()) {
      registrationEndpoint().answerNext(Answer.hang());
      Future<Boolean> caller =
          threads.submit(
              () -> {
                assertThatThrownBy(() -> found.tokens().token())
                    .isInstanceOf(TokenTimeoutException.class)
                    .hasMessageContaining("interrupted");
                return Thread.currentThread().isInterrupted();
              });
      server.awaitHung(1, SOON);
      threads.shutdownNow();
      assertThat(caller.get(SOON.toSeconds(), TimeUnit.SECONDS)).as("the flag is kept").isTrue();
      server.releaseHung();
    }
  }

  @Test
  @Spec("MC-06")
  void aRegistrationThatFailedIsTriedAgainAfterAPauseAndNotByEachCaller() throws Exception {
    try (ResourceClient found = forgotten()) {
      registrationEndpoint().answerAlways(Answer.status(500));
      for (int round = 0; round < 3; round++) {
        for (Future<AccessToken> caller : callers(found)) {
          assertThat(failure(caller))
              .isInstanceOf(ServerUnavailableException.class)
              .hasMessageContaining("500");
        }
      }
      assertThat(program.registrations()).as("no time has passed").hasSize(1);
      clock.advance(Duration.ofSeconds(61));
      assertThat(failure(callers(found).get(0))).hasMessageContaining("500");
      assertThat(program.registrations()).hasSize(2);
      registrationEndpoint().answerHealthy();
      clock.advance(Duration.ofSeconds(61));
      assertThat(found.tokens().token()).isNotNull();
      assertThat(program.registrations()).hasSize(3);
    }
  }

  @Test
  @Spec("MC-06")
  void aNewRegistrationThatTheProgramCannotUseIsToldAndNotRepeated() throws Exception {
    List<String> proofs = new CopyOnWriteArrayList<>();
    ResourceClientBuilder builder =
        program
            .start()
            .register(
                program.metadata(),
                registration -> {
                  proofs.add(registration.clientId());
                  if (proofs.size() > 1) {
                    throw new IllegalStateException("no key for it");
                  }
                  return registration.authentication();
                });
    try (ResourceClient found = builder.connect()) {
      assertThat(found.tokens().token()).isNotNull();
      program.forgetAtServer();
      clock.advance(Duration.ofHours(2));
      for (Future<AccessToken> caller : callers(found)) {
        assertThat(failure(caller))
            .isInstanceOf(ServerUnavailableException.class)
            .hasMessageContaining("could not be made in its place")
            .hasRootCauseMessage("no key for it");
      }
      assertThat(program.registrations()).hasSize(1);
    }
  }

  @Test
  @Spec("MC-06")
  void closingEndsTheWaitForARegistration() throws Exception {
    ResourceClient found = forgotten();
    registrationEndpoint().answerNext(Answer.hang());
    Future<AccessToken> caller = threads.submit(() -> found.tokens().token());
    server.awaitHung(1, SOON);
    found.close();
    assertThat(failure(caller)).hasMessageContaining("closed");
    server.releaseHung();
  }

  @Test
  @Spec("MC-06")
  void whoStartsWhileAnotherRegistersInVainFailsWithIt() throws Exception {
    registrationEndpoint().answerAlways(Answer.status(500).held());
    List<Future<ResourceClient>> starts =
        IntStream.range(0, 4)
            .mapToObj(each -> threads.submit(() -> program.start().connect()))
            .toList();
    server.awaitHung(1, SOON);
    Awaitility.await().atMost(SOON).until(() -> waitingForATurn() == 3);
    server.releaseHung();
    for (Future<ResourceClient> start : starts) {
      assertThat(failure(start)).hasMessageContaining("500");
    }
    assertThat(program.registrations()).hasSize(1);
  }

  private static long waitingForATurn() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getState() == Thread.State.WAITING)
        .filter(
            each ->
                List.of(each.getValue()).stream()
                    .anyMatch(frame -> frame.getClassName().startsWith("dev.everbearer.Enrolment")))
        .filter(
            each ->
                List.of(each.getValue()).stream()
                    .anyMatch(frame -> frame.getClassName().contains("ReentrantLock")))
        .count();
  }
}
