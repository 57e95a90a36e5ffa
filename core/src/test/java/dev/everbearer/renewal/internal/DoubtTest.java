package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.renewal.internal.SourceEffect.Park;
import dev.everbearer.renewal.internal.SourceEffect.Refuse;
import dev.everbearer.renewal.internal.SourceEffect.RefuseAll;
import dev.everbearer.renewal.internal.SourceEffect.RefuseLate;
import dev.everbearer.renewal.internal.SourceEffect.ReleaseAll;
import dev.everbearer.renewal.internal.SourceEffect.Serve;
import dev.everbearer.renewal.internal.SourceEffect.StartFlight;
import dev.everbearer.renewal.internal.SourceEffect.Why;
import dev.everbearer.renewal.internal.SourceEvent.Demand;
import dev.everbearer.renewal.internal.SourceEvent.LookUp;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A client that the server took before, and refuses now. Points in time are milliseconds after the
 * request for the token in hand.
 */
class DoubtTest {

  private static final Instant WALL = Instant.parse("2026-01-01T00:00:00Z");
  private static final AccessToken OLD = AccessToken.bearer("old");
  private static final AccessToken NEW = AccessToken.bearer("new");

  private SourceState state = SourceState.EMPTY;
  private List<SourceEffect> effects = List.of();
  private long at;

  private static long nanos(long millis) {
    return millis * 1_000_000;
  }

  private static Held held(AccessToken token, long sentAt, long life) {
    return Held.of(
        token, Duration.ofMillis(life), RenewalPolicy.standard(), 0, nanos(sentAt), WALL);
  }

  private void given(long life) {
    state = SourceState.EMPTY.withHeld(held(OLD, 0, life));
  }

  private void step(SourceEvent event) {
    Lifecycle.Step step = Lifecycle.step(state, event, nanos(at));
    state = step.state();
    effects = step.effects();
  }

  private void lookUp(long waits) {
    step(new LookUp(nanos(at + waits), true, Demand.USABLE, null));
  }

  private void fail(FailureKind kind) {
    Failure failure = Failure.builder(kind, kind + " happened.").build();
    step(new SourceEvent.Failed(state.flights(), failure, 1.0, 0));
  }

  private boolean has(Class<? extends SourceEffect> type) {
    return effects.stream().anyMatch(type::isInstance);
  }

  /** A server that refuses at first: when it is asked, by callers that come every 50 ms. */
  private List<Long> askedBy(long until, long from, FailureKind kind) {
    List<Long> asked = new ArrayList<>();
    for (at = from; at < until; at += 50) {
      if (state.wakeIn(nanos(at)) == 0) {
        step(new SourceEvent.Woken(true));
        answer(asked, kind);
      }
      lookUp(30_000);
      answer(asked, kind);
    }
    return asked;
  }

  private void answer(List<Long> asked, FailureKind kind) {
    if (has(StartFlight.class)) {
      asked.add(at);
      fail(kind);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "6000, 4500 5700 6000 7000 8000 9000 10000 11000",
    "60000, 45000 57000 60000 61000 62000 63000 64000 65000",
    "300000, 225000 285000 300000 301000 302000 303000 304000 305000",
    "3600000, 3300000 3360000 3420000 3480000 3540000 3570000 3600000 3601000",
  })
  @Spec({"LC-12", "LC-22"})
  void aClientThatWasTakenBeforeIsAskedForAtTheHardMarginAtTheEndAndEachSecondAfterIt(
      long life, String times) {
    given(life);
    List<Long> asked = askedBy(life + 60_000, life / 2, FailureKind.INVALID_CLIENT);
    List<Long> expected = List.of(times.split(" ")).stream().map(Long::valueOf).toList();
    assertThat(asked).as("the eighth refusal ends the doubt").isEqualTo(expected);
    lookUp(30_000);
    assertThat(has(Refuse.class)).as("who comes then is told at once").isTrue();
  }

  @Test
  @Spec({"LC-12", "LC-22", "LC-23", "LC-27"})
  void noCallFailsWhereTheServerTakesTheClientAgainBeforeTheTokenEnds() {
    for (FailureKind kind :
        List.of(FailureKind.INVALID_CLIENT, FailureKind.REFUSED, FailureKind.UNTRUSTED_SERVER)) {
      given(6000);
      at = 4500;
      lookUp(3000);
      fail(kind);
      at = 5600;
      lookUp(3000);
      assertThat(effects).as("no storm").containsExactly(new Serve(OLD));
      assertThat(state.wakeIn(nanos(at))).isEqualTo(nanos(100));
      at = 5700;
      step(new SourceEvent.Woken(true));
      assertThat(has(StartFlight.class)).as("one more try after %s", kind).isTrue();
    }
  }

  @Test
  @Spec({"LC-15", "LC-22"})
  void whoNeedsATokenWaitsForOneFromAServerThatTakesTheClientAgain() {
    given(6000);
    at = 6000;
    lookUp(3000);
    fail(FailureKind.INVALID_CLIENT);
    assertThat(state.waiting()).as("goes on waiting").isEqualTo(1);
    at = 6500;
    lookUp(3000);
    assertThat(has(Park.class)).as("so does another one").isTrue();
    assertThat(has(StartFlight.class)).isFalse();
    at = 7000;
    step(new SourceEvent.Woken(false));
    assertThat(has(StartFlight.class)).isTrue();
    step(new SourceEvent.Obtained(state.flights(), NEW, held(NEW, 7000, 6000)));
    assertThat(effects).contains(new ReleaseAll(NEW));
    assertThat(state.attempts()).isEqualTo(Attempts.NONE);
  }

  @Test
  @Spec("LC-22")
  void whoseDeadlineComesBeforeTheNextTryIsToldAtOnce() {
    given(6000);
    at = 6000;
    lookUp(500);
    fail(FailureKind.INVALID_CLIENT);
    assertThat(effects).contains(new RefuseLate(nanos(7000)));
    at = 6100;
    lookUp(500);
    assertThat(effects).containsExactly(new Refuse(Why.FAILURE));
  }

  @Test
  @Spec("LC-22")
  void aClientThatWasNeverTakenGetsNoBenefitOfTheDoubt() {
    lookUp(30_000);
    fail(FailureKind.INVALID_CLIENT);
    assertThat(effects).contains(new RefuseAll(Why.FAILURE));
    at = 59_999;
    lookUp(30_000);
    assertThat(effects).containsExactly(new Refuse(Why.FAILURE));
  }

  @Test
  @Spec("LC-22")
  void aClientThatWasTakenLongAgoGetsNoneEither() {
    given(6000);
    at = 16_000;
    lookUp(30_000);
    fail(FailureKind.INVALID_CLIENT);
    assertThat(effects).contains(new RefuseAll(Why.FAILURE));
    assertThat(askedBy(76_000, 16_050, FailureKind.INVALID_CLIENT)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "UNTRUSTED_SERVER"})
  @Spec({"LC-23", "LC-27"})
  void whatIsNoRefusalOfTheClientFailsAtOnceWhenTheTokenIsOver(FailureKind kind) {
    given(6000);
    at = 6000;
    lookUp(30_000);
    fail(kind);
    assertThat(effects).contains(new RefuseAll(Why.FAILURE));
    assertThat(askedBy(15_950, 6050, kind)).isEmpty();
  }

  @Test
  @Spec("LC-22")
  void otherTroubleInBetweenDoesNotMakeUpForRefusals() {
    given(6000);
    at = 6000;
    for (int i = 0; i < Doubt.MAX_REFUSALS; i++) {
      lookUp(30_000);
      fail(FailureKind.SERVER_TROUBLE);
      state = state.taken(new SourceState.Flight(state.flights() + 1, nanos(at), false));
      fail(FailureKind.INVALID_CLIENT);
      at += 1000;
    }
    assertThat(has(RefuseAll.class)).isTrue();
  }
}
