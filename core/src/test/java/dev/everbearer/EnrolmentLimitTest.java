package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.ClientRegistration;
import dev.everbearer.login.Login;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.TokenTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a caller waits that sets no limit, whatever is renewed meanwhile. */
@ExtendWith(ScriptedServers.class)
class EnrolmentLimitTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Answer UNKNOWN = Answer.json(401, "{\"error\":\"invalid_client\"}");

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final RegisteredProgram program;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private volatile Thread caller = Thread.currentThread();

  EnrolmentLimitTest(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.program = new RegisteredProgram(clock, server, api);
    program.hasTimers = true;
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    threads.shutdownNow();
  }

  private void tokenEndpointAnswers(Answer answer) {
    server.script(server.tokenEndpoint().getPath()).answerAlways(answer);
  }

  /** As a sibling does that shares the store. */
  private void rotateElsewhere() {
    server.registration().rotateCredentials(true);
    try (Registrar registrar = program.registrar()) {
      ClientRegistration kept = program.kept();
      program.store.put(program.issuer, registrar.update(kept, kept.metadata()));
    }
  }

  /** Has a token, which is over now; a sibling has another secret, and has its turn. */
  private ResourceClient outdated() throws Exception {
    ResourceClient found = program.start().connect();
    assertThat(found.tokens().token()).isNotNull();
    rotateElsewhere();
    tokenEndpointAnswers(UNKNOWN);
    clock.advance(Duration.ofHours(2));
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> unused =
        threads.submit(
            () ->
                Turn.take(
                    program.issuer,
                    () -> {
                      begun.countDown();
                      await(goOn);
                      return "done";
                    }));
    await(begun);
    return found;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Future<AccessToken> unlimited(ResourceClient found) {
    return threads.submit(
        () -> {
          caller = Thread.currentThread();
          return found.tokens().token();
        });
  }

  private void awaitCallerIn(String place) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(SOON)
        .until(
            () ->
                Stream.of(caller.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().endsWith("." + place))
                    && caller.getState() == Thread.State.WAITING);
  }

  @Test
  @Spec("MC-06")
  void allWaitsForRegistrationsHaveOneLimit() throws Exception {
    try (ResourceClient found = outdated()) {
      server
          .script(program.kept().configurationUri().orElseThrow().getPath())
          .answerNext(Answer.hang());
      Future<AccessToken> asking = unlimited(found);
      awaitCallerIn("Succession");
      clock.advance(Duration.ofSeconds(20));
      goOn.countDown();
      server.awaitHung(1, SOON);
      awaitCallerIn("Succession");
      clock.advance(Duration.ofSeconds(10));
      assertThatThrownBy(() -> asking.get(SOON.toSeconds(), TimeUnit.SECONDS))
          .hasCauseInstanceOf(TokenTimeoutException.class)
          .hasMessageContaining("registration");
      server.releaseHung();
    }
  }

  @Test
  @Spec("MC-06")
  void theTokenOfTheOtherRegistrationHasWhatIsLeft() throws Exception {
    program.also =
        client -> client.login(Login.inBrowser(program::visit).timeLimit(Duration.ofSeconds(1)));
    try (ResourceClient found = outdated()) {
      Future<AccessToken> asking = unlimited(found);
      awaitCallerIn("Succession");
      clock.advance(Duration.ofSeconds(20));
      tokenEndpointAnswers(Answer.hang());
      goOn.countDown();
      server.awaitHung(1, SOON);
      awaitCallerIn("Waiter");
      clock.advance(Duration.ofSeconds(10));
      assertThatThrownBy(() -> asking.get(SOON.toSeconds(), TimeUnit.SECONDS))
          .hasCauseInstanceOf(TokenTimeoutException.class);
      server.releaseHung();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Spec("MC-06")
  void theTimeThatAPersonTakesLeavesTheLimitAsItIs(boolean isBlocking) throws Exception {
    try (ResourceClient found = program.start().connect()) {
      server.script(server.tokenEndpoint().getPath()).answerNext(UNKNOWN.held());
      server
          .script(server.endpoint("registration_endpoint").getPath())
          .answerNext(Answer.healthy().held());
      Future<AccessToken> asking =
          isBlocking ? unlimited(found) : found.tokens().tokenAsync().toCompletableFuture();
      server.awaitHung(1, SOON);
      clock.advance(Duration.ofMinutes(2));
      server.releaseHung();
      server.awaitHung(1, SOON);
      if (isBlocking) {
        awaitCallerIn("Succession");
      }
      clock.advance(Duration.ofSeconds(29));
      server.releaseHung();
      assertThat(asking.get(SOON.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    }
  }
}
