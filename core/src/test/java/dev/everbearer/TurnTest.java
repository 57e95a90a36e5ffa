package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turns at an issuer. */
class TurnTest {

  private static final String ISSUER = "https://turn.example";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private volatile Thread waiting;

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private Future<String> failing(FailureKind kind) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> first =
        threads.submit(
            () ->
                Turn.take(
                    ISSUER,
                    () -> {
                      begun.countDown();
                      await(goOn);
                      throw Failure.builder(kind, "It failed.").build().toException();
                    }));
    begun.await();
    return first;
  }

  private Future<String> next() {
    waiting = null;
    Future<String> second =
        threads.submit(
            () -> {
              waiting = Thread.currentThread();
              return Turn.take(ISSUER, () -> "mine");
            });
    Awaitility.await().until(() -> waiting != null && waiting.getState() == Thread.State.WAITING);
    return second;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoWaitedForAServerThatDoesNotAnswerFailsWithTheOneBefore() throws Exception {
    Future<String> first = failing(FailureKind.UNCLEAR);
    Future<String> second = next();
    goOn.countDown();
    for (Future<String> each : java.util.List.of(first, second)) {
      assertThatThrownBy(each::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(OAuthException.class)
          .hasMessageContaining("It failed.");
    }
    assertThat(Turn.<String>take(ISSUER, () -> "later")).isEqualTo("later");
  }

  @Test
  void aFailureThatIsPassedOnIsNoneOfThoseWhoCameAfterIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    CountDownLatch failed = new CountDownLatch(1);
    Future<String> first =
        threads.submit(
            () ->
                Turn.take(
                    ISSUER,
                    () -> {
                      begun.countDown();
                      await(fail);
                      assertThatThrownBy(() -> Turn.take(ISSUER, TurnTest::unanswered))
                          .isInstanceOf(OAuthException.class);
                      failed.countDown();
                      await(goOn);
                      return "first";
                    }));
    await(begun);
    Future<String> before = next();
    fail.countDown();
    await(failed);
    Future<String> after = next();
    goOn.countDown();
    assertThat(first.get()).isEqualTo("first");
    assertThatThrownBy(before::get).hasMessageContaining("It failed.");
    assertThat(after.get()).isEqualTo("mine");
  }

  private static String unanswered() {
    throw Failure.builder(FailureKind.UNCLEAR, "It failed.").build().toException();
  }

  @Test
  void whatIsRefusedToOneMayBeGrantedToTheNext() throws Exception {
    Future<String> first = failing(FailureKind.REFUSED);
    Future<String> second = next();
    goOn.countDown();
    assertThatThrownBy(first::get).hasCauseInstanceOf(OAuthException.class);
    assertThat(second.get()).isEqualTo("mine");
  }

  @Test
  void anInterruptEndsTheWaitForATurn() throws Exception {
    Future<String> first = failing(FailureKind.UNCLEAR);
    Future<String> second = next();
    waiting.interrupt();
    assertThatThrownBy(second::get).hasCauseInstanceOf(InterruptedException.class);
    goOn.countDown();
    assertThatThrownBy(first::get).hasCauseInstanceOf(OAuthException.class);
  }

  @Test
  void whoOnlyWantsAFreeTurnDoesNotWait() throws Exception {
    Future<String> first = failing(FailureKind.UNCLEAR);
    Turn.takeIfFree(
        ISSUER,
        () -> {
          throw new AssertionError("It is not free.");
        });
    goOn.countDown();
    assertThatThrownBy(first::get).hasCauseInstanceOf(OAuthException.class);
    boolean[] done = new boolean[1];
    Turn.takeIfFree(ISSUER, () -> done[0] = true);
    assertThat(done[0]).isTrue();
  }

  @Test
  void nothingIsRememberedOfAnIssuerWhereNobodyIs() throws Exception {
    for (int each = 0; each < 100; each++) {
      assertThat(Turn.<String>take(ISSUER + "/" + each, () -> "done")).isEqualTo("done");
    }
    Turn.takeIfFree(ISSUER, () -> {});
    assertThat(Turn.isKnown(ISSUER)).isFalse();
    assertThat(Turn.isKnown(ISSUER + "/7")).isFalse();
    String inside =
        Turn.take(ISSUER, () -> Turn.isKnown(ISSUER) ? "known while it is used" : "unknown");
    assertThat(inside).isEqualTo("known while it is used");
  }
}
