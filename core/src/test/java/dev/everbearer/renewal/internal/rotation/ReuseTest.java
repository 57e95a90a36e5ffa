package dev.everbearer.renewal.internal.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.server.ReuseWindow;
import dev.everbearer.server.ReuseWindow.Successor;
import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.Sender;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a refresh token without an answer is sent again: an exchange takes at most 10 s. */
class ReuseTest {

  private static final Patience PATIENCE = Patience.of(Duration.ofSeconds(10));
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final ServerIdentity SERVER =
      new ServerIdentity("https://id.test", URI.create("https://id.test/token"));

  private static final Secret TOKEN = Secret.of("token");
  private static final RotationState UNCLEAR =
      RotationState.NONE.withUnclear(new UnclearSend(FIRST, FIRST.plusSeconds(1)));

  private static Instant at(double seconds) {
    return FIRST.plusMillis((long) (seconds * 1000));
  }

  private static @Nullable Instant sentAgain(ReuseWindow window, double givenUp, double now) {
    UnclearSend unclear = new UnclearSend(FIRST, at(givenUp));
    return new NextStep(PATIENCE, window).resentInsideWindow(unclear, at(now));
  }

  @ParameterizedTest(name = "{0} s, {1}: given up at {2}, now {3}: from {4} on")
  @Spec("RF-07")
  @CsvSource({
    // The same answer again: at once, as long as an exchange ends within 0.8 of the window.
    "60, SAME, 1, 1, 1",
    "60, SAME, 10, 38, 38",
    "60, SAME, 10, 38.1,",
    // Another one each time, or not known: the first request is let finish, if there is time.
    "60, INSTEAD, 1, 1, 11",
    "60, INSTEAD, 1, 4, 11",
    "60, INSTEAD, 1, 11, 11",
    "60, BESIDE, 10, 10, 20",
    "60, INSTEAD, 28, 28, 38",
    "60, INSTEAD, 29, 29, 29",
    "60, INSTEAD, 30, 38.1,",
    // A short window: an exchange gets two fifths of it.
    "20, SAME, 8, 8, 8",
    "20, SAME, 8, 8.1,",
    "20, INSTEAD, 1, 1, 1",
  })
  void insideAWindow(long window, Successor successor, double givenUp, double now, Double from) {
    ReuseWindow known = ReuseWindow.of(Duration.ofSeconds(window)).giving(successor);
    assertThat(sentAgain(known, givenUp, now)).isEqualTo(from == null ? null : at(from));
  }

  @ParameterizedTest(name = "now {0}")
  @Spec("RF-07")
  @CsvSource({"1", "20", "1000000"})
  void whereOldTokensStayGoodThereIsNothingToWaitFor(double now) {
    assertThat(sentAgain(ReuseWindow.unlimited(), 1, now)).isEqualTo(at(now));
    assertThat(sentAgain(ReuseWindow.none(), 1, now)).isNull();
    assertThat(sentAgain(ReuseWindow.unknown(), 1, now)).isNull();
  }

  /** The token in hand is no reason to wait there: the window would be over. */
  @Test
  @Spec("RF-07")
  void aWaitInsideAWindowIsToldFromOneOutside() {
    assertThat(stepWith(ReuseWindow.of(Duration.ofSeconds(60))))
        .isEqualTo(new Step.Wait(at(11), Step.Why.WINDOW));
    assertThat(stepWith(ReuseWindow.none())).isEqualTo(new Step.Wait(at(11), Step.Why.QUIET));
  }

  private static Step stepWith(ReuseWindow window) {
    return step(window, UNCLEAR, at(1), Duration.ofMinutes(5));
  }

  private static Step step(
      ReuseWindow window, RotationState state, Instant now, Duration untilDue) {
    return new NextStep(PATIENCE, window).of(new Snapshot(record(state), now), "us", untilDue);
  }

  private static GrantRecord record(RotationState state) {
    return GrantRecord.absent().next().refreshToken(TOKEN, SERVER).rotation(state).build();
  }

  // ---- the server asked for peace

  @ParameterizedTest
  @Spec({"RF-07", "LC-25"})
  @CsvSource({"SAME, 2", "NONE, 40"})
  void noRetryIsSentBeforeTheServerIsToBeAskedAgain(String successor, double now) {
    ReuseWindow window =
        successor.equals("SAME")
            ? ReuseWindow.of(Duration.ofSeconds(60)).giving(Successor.SAME)
            : ReuseWindow.none();
    RotationState resting = UNCLEAR.withNotBefore(at(now + 1), 1);
    assertThat(step(window, resting, at(now), Duration.ZERO))
        .isEqualTo(new Step.Wait(at(now + 1), Step.Why.BACK_OFF));
    assertThat(step(window, resting, at(now + 1), Duration.ZERO)).isInstanceOf(Step.Take.class);
  }

  @Test
  @Spec({"RF-07", "LC-25"})
  void aRetryThatTheServerPutOffIsPutOffForSoLongAndNoLonger() {
    ReuseWindow window = ReuseWindow.of(Duration.ofSeconds(60)).giving(Successor.SAME);
    Step.Take retry = (Step.Take) step(window, UNCLEAR, at(2), Duration.ZERO);
    GrantRecord rested = Settlement.rested(retry.next(), retry.claim(), at(3));
    assertThat(rested.rotation().unclear()).isEqualTo(UNCLEAR.unclear());
    assertThat(rested.rotation().notBefore()).isEqualTo(at(3));
  }

  // ---- the store's clock was set back

  @Test
  @Spec({"RF-07", "LC-61"})
  void aSenderOfLaterOnIsWaitedForAsIfItSentNow() {
    Sender ahead = new Sender("other", 1, Fingerprint.of(TOKEN), 1, at(3600));
    RotationState state =
        RotationState.NONE
            .withSenders(List.of(ahead))
            .withUnclear(new UnclearSend(at(3600), at(3620)));
    GrantRecord record = record(state);
    NextStep next = new NextStep(PATIENCE, ReuseWindow.none());
    for (int i = 0; i < 2; i++) {
      Step step = next.of(new Snapshot(record, FIRST), "us", Duration.ZERO);
      record = ((Step.Write) step).next();
    }
    assertThat(next.of(new Snapshot(record, FIRST), "us", Duration.ZERO))
        .isEqualTo(new Step.Wait(FIRST.plus(PATIENCE.hold()), Step.Why.SENDER));
  }

  @ParameterizedTest(name = "not before {0} s, after {1} failures: from {2} s on")
  @Spec({"RF-07", "LC-25"})
  @CsvSource({"3600, 1, 25", "3600, 0, 25", "300, 1, 300", "20, 0, 20"})
  void nothingIsPutOffForLongerThanItWouldBeNow(double notBefore, int failures, double from) {
    RotationState put = RotationState.NONE.withNotBefore(at(notBefore), failures);
    Step step = step(ReuseWindow.none(), put, FIRST, Duration.ZERO);
    if (step instanceof Step.Write write) {
      step = step(ReuseWindow.none(), write.next().rotation(), FIRST, Duration.ZERO);
    }
    assertThat(step)
        .isEqualTo(new Step.Wait(at(from), failures > 0 ? Step.Why.BACK_OFF : Step.Why.QUIET));
  }
}
