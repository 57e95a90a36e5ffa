package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.renewal.internal.SourceEffect.AnnounceFailed;
import dev.everbearer.renewal.internal.SourceEffect.Park;
import dev.everbearer.renewal.internal.SourceEffect.Refuse;
import dev.everbearer.renewal.internal.SourceEffect.RefuseAll;
import dev.everbearer.renewal.internal.SourceEffect.RefuseLate;
import dev.everbearer.renewal.internal.SourceEffect.ReleaseAll;
import dev.everbearer.renewal.internal.SourceEffect.ReleaseParked;
import dev.everbearer.renewal.internal.SourceEffect.Serve;
import dev.everbearer.renewal.internal.SourceEffect.StartFlight;
import dev.everbearer.renewal.internal.SourceEffect.Why;
import dev.everbearer.renewal.internal.SourceEvent.Demand;
import dev.everbearer.renewal.internal.SourceEvent.LookUp;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.TokenState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The heart as a table: zones of a token's life x what happens. The token lives 100 s: soft margin
 * 25 s, hard margin 5 s, so FRESH until 75, RENEWABLE until 95, DUE until 100, EXPIRED then.
 */
class LifecycleTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Instant WALL = Instant.parse("2026-01-01T00:00:00Z");
  private static final AccessToken OLD = AccessToken.bearer("old");
  private static final AccessToken NEW = AccessToken.bearer("new");

  /** Points inside each zone. */
  private enum Zone {
    EMPTY(0),
    FRESH(10),
    RENEWABLE(80),
    DUE(96),
    EXPIRED(101);

    final long at;

    Zone(long seconds) {
      this.at = seconds * SECOND;
    }

    boolean isUsable() {
      return this == FRESH || this == RENEWABLE || this == DUE;
    }
  }

  private SourceState state = SourceState.EMPTY;
  private List<SourceEffect> effects = List.of();

  private static Held held(AccessToken token, long sentAt) {
    return Held.of(
        token,
        Duration.ofSeconds(100),
        RenewalPolicy.standard(),
        0,
        sentAt,
        WALL.plusNanos(sentAt));
  }

  private void given(Zone zone) {
    state = SourceState.EMPTY;
    if (zone != Zone.EMPTY) {
      state = state.withHeld(held(OLD, 0));
    }
    assertThat(state.zone(zone.at)).isEqualTo(TokenState.valueOf(zone.name()));
  }

  private void step(SourceEvent event, long now) {
    Lifecycle.Step step = Lifecycle.step(state, event, now);
    state = step.state();
    effects = step.effects();
  }

  private void lookUp(long now) {
    step(new LookUp(now + 30 * SECOND, true, Demand.USABLE, null), now);
  }

  private void lookUpWithoutWaiting(long now) {
    step(new LookUp(now, false, Demand.USABLE, null), now);
  }

  private void fail(FailureKind kind, long now) {
    fail(Failure.builder(kind, kind + " happened.").build(), now);
  }

  private void fail(Failure failure, long now) {
    step(new SourceEvent.Failed(state.flights(), failure, 1.0, 0), now);
  }

  private void obtain(AccessToken token, long now) {
    step(new SourceEvent.Obtained(state.flights(), token, held(token, now)), now);
  }

  private long endsAt() {
    return Objects.requireNonNull(state.held()).endsAt();
  }

  private boolean starts() {
    return effects.stream().anyMatch(StartFlight.class::isInstance);
  }

  private <T extends SourceEffect> T only(Class<T> type) {
    List<T> found = effects.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).as("%s in %s", type.getSimpleName(), effects).hasSize(1);
    return found.get(0);
  }

  private boolean has(Class<? extends SourceEffect> type) {
    return effects.stream().anyMatch(type::isInstance);
  }

  // ---- look-ups by zone

  @Test
  @Spec("LC-12")
  void aFreshTokenIsServedAndNothingElseHappens() {
    given(Zone.FRESH);
    lookUp(Zone.FRESH.at);
    assertThat(effects).containsExactly(new Serve(OLD));
  }

  @Test
  @Spec("LC-12")
  void aRenewableTokenIsServedAndRenewedOnceBehind() {
    given(Zone.RENEWABLE);
    lookUp(Zone.RENEWABLE.at);
    assertThat(effects).containsExactly(new StartFlight(1), new Serve(OLD));
    lookUp(Zone.RENEWABLE.at + 1);
    assertThat(effects).containsExactly(new Serve(OLD));
  }

  @Test
  @Spec("LC-12")
  void aDueTokenIsWaitedForHalfOfWhatIsLeftAtMostASecond() {
    given(Zone.DUE);
    lookUp(Zone.DUE.at);
    assertThat(effects).containsExactly(new StartFlight(1), new Park(Zone.DUE.at + SECOND, true));
    given(Zone.DUE);
    long shortly = 99 * SECOND;
    lookUp(shortly);
    assertThat(only(Park.class).until()).isEqualTo(shortly + SECOND / 2);
  }

  @Test
  @Spec("LC-12")
  void aServerThatIsSlowWhileTheTokenIsDueDelaysNobodyForMoreThanASecondInAll() {
    given(Zone.DUE);
    lookUp(Zone.DUE.at);
    lookUp(Zone.DUE.at + SECOND + 1);
    assertThat(effects).containsExactly(new Serve(OLD));
  }

  @Test
  @Spec("LC-12")
  void anEndedTokenIsNeverServed() {
    given(Zone.EXPIRED);
    lookUp(Zone.EXPIRED.at);
    assertThat(effects)
        .containsExactly(new StartFlight(1), new Park(Zone.EXPIRED.at + 30 * SECOND, false));
    given(Zone.EXPIRED);
    lookUp(100 * SECOND);
    assertThat(has(Serve.class)).as("at its very end").isFalse();
    given(Zone.EXPIRED);
    lookUp(100 * SECOND - 1);
    assertThat(has(Serve.class)).as("just before it").isTrue();
  }

  @Test
  void aColdSourceStartsOneFlightForAllWhoWait() {
    given(Zone.EMPTY);
    lookUp(0);
    assertThat(starts()).isTrue();
    for (int i = 0; i < 49; i++) {
      lookUp(i);
      assertThat(effects).hasSize(1).first().isInstanceOf(Park.class);
    }
    assertThat(state.waiting()).isEqualTo(50);
    obtain(NEW, SECOND);
    assertThat(only(ReleaseAll.class).token()).isEqualTo(NEW);
    assertThat(state.waiting()).isZero();
  }

  @Test
  void aCallerThatDoesNotWaitGetsAnErrorFromAColdSourceButStartsIt() {
    given(Zone.EMPTY);
    lookUpWithoutWaiting(0);
    assertThat(effects).containsExactly(new StartFlight(1), new Refuse(Why.TIMEOUT));
  }

  @Test
  @Spec("LC-41")
  void aOneShotBodyWaitsForAFresherTokenInsideTheSoftMarginAndOnlyThere() {
    given(Zone.RENEWABLE);
    step(new LookUp(Zone.RENEWABLE.at + 30 * SECOND, true, Demand.FRESH, null), Zone.RENEWABLE.at);
    assertThat(effects)
        .containsExactly(new StartFlight(1), new Park(Zone.RENEWABLE.at + SECOND, true));
    given(Zone.FRESH);
    step(new LookUp(Zone.FRESH.at + SECOND, true, Demand.FRESH, null), Zone.FRESH.at);
    assertThat(effects).containsExactly(new Serve(OLD));
  }

  // ---- failures: zone x kind

  static Stream<Arguments> zonesAndKinds() {
    List<Arguments> all = new ArrayList<>();
    for (Zone zone : Zone.values()) {
      for (FailureKind kind : FailureKind.values()) {
        all.add(Arguments.of(zone, kind));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("zonesAndKinds")
  @Spec({"LC-20", "LC-21", "LC-22", "LC-23", "LC-24", "LC-25", "LC-26", "LC-27", "LC-28", "LC-29"})
  void aFailureKeepsAUsableTokenAndTellsThoseWithoutOneByItsKind(Zone zone, FailureKind kind) {
    given(zone);
    long now = zone.at;
    lookUp(now);
    if (zone == Zone.FRESH) {
      state = state.taken(new SourceState.Flight(1, now, true));
    }
    int waited = state.waiting();
    fail(kind, now + 1);

    AnnounceFailed announced = only(AnnounceFailed.class);
    assertThat(announced.isServing()).isEqualTo(zone.isUsable());
    assertThat(state.flight()).isNull();
    if (zone.isUsable()) {
      assertThat(waited).isZero();
      lookUpWithoutWaiting(now + 2);
      assertThat(only(Serve.class).token()).isEqualTo(OLD);
    } else if (kind.isTransient() || isDoubted(zone, kind)) {
      assertThat(has(RefuseAll.class)).as("they go on waiting").isFalse();
      assertThat(state.waiting()).isEqualTo(1);
      assertThat(state.wakeIn(now + 1)).isBetween(1L, SECOND);
    } else {
      assertThat(only(RefuseAll.class).why()).isEqualTo(Why.FAILURE);
      assertThat(state.waiting()).isZero();
    }
  }

  /** See DoubtTest. */
  private static boolean isDoubted(Zone zone, FailureKind kind) {
    return zone == Zone.EXPIRED && kind == FailureKind.INVALID_CLIENT;
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureKind.class,
      names = {"SERVER_TROUBLE", "NOT_CONNECTED", "UNCLEAR", "MALFORMED", "THROTTLED"})
  @Spec({"LC-15", "LC-24"})
  void whileAnyoneWaitsAnAttemptIsMadeAtLeastEverySecond(FailureKind kind) {
    given(Zone.EMPTY);
    long now = 0;
    lookUp(now);
    for (int attempt = 0; attempt < 20; attempt++) {
      fail(kind, now);
      long wake = state.wakeIn(now);
      assertThat(wake).isBetween(1L, SECOND);
      now += wake;
      step(new SourceEvent.Woken(false), now);
      assertThat(starts()).isTrue();
    }
  }

  @Test
  @Spec({"LC-13", "LC-24"})
  void inTheBackgroundBackOffDoublesFromAQuarterSecondToAMinute() {
    long hour = 3600 * SECOND;
    state =
        SourceState.EMPTY.withHeld(
            Held.of(
                OLD,
                Duration.ofDays(1),
                RenewalPolicy.standard().softMargin(Duration.ofHours(12)),
                0,
                0,
                WALL));
    long now = 13 * hour;
    lookUp(now);
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      fail(FailureKind.SERVER_TROUBLE, now);
      long wake = state.wakeIn(now);
      delays.add(wake / 1_000_000);
      now += wake;
      step(new SourceEvent.Woken(false), now);
      assertThat(starts()).isTrue();
    }
    assertThat(delays)
        .containsExactly(
            250L, 500L, 1000L, 2000L, 4000L, 8000L, 16000L, 32000L, 60000L, 60000L, 60000L, 60000L);
  }

  @Test
  void whatIsLeftOfATokenIsUsedForSeveralAttempts() {
    given(Zone.RENEWABLE);
    long now = Zone.RENEWABLE.at;
    lookUp(now);
    int attempts = 1;
    while (now < 100 * SECOND) {
      fail(FailureKind.NOT_CONNECTED, now);
      now += state.wakeIn(now);
      step(new SourceEvent.Woken(false), now);
      attempts += starts() ? 1 : 0;
    }
    assertThat(attempts).isGreaterThan(8);
  }

  @Test
  @Spec("LC-13")
  void theJitterIsFull() {
    Failure trouble = Failure.builder(FailureKind.SERVER_TROUBLE, "x").build();
    for (int failures : new int[] {3, 5, 8}) {
      long whole = Backoff.after(trouble, failures, 1.0, false, 1L << 50).nanos();
      long half = Backoff.after(trouble, failures, 0.5, false, 1L << 50).nanos();
      long none = Backoff.after(trouble, failures, 0.0, false, 1L << 50).nanos();
      assertThat(half).isEqualTo(whole / 2);
      assertThat(none).isEqualTo(SECOND / 50);
    }
  }

  @Test
  @Spec({"LC-13", "SE-50"})
  void theBackOffOfAMillionFailuresNeitherOverflowsNorShrinks() {
    given(Zone.EXPIRED);
    for (int failures : new int[] {1, 2, 9, 10, 31, 32, 63, 64, 65, 1000, 1_000_000, 1 << 30}) {
      Backoff.Delay background =
          Backoff.after(
              Failure.builder(FailureKind.UNCLEAR, "x").build(), failures, 1.0, false, 1L << 50);
      assertThat(background.nanos()).isBetween(SECOND / 4, 60 * SECOND);
      Backoff.Delay least =
          Backoff.after(Failure.builder(FailureKind.UNCLEAR, "x").build(), failures, 0.0, true, 0);
      assertThat(least.nanos()).isPositive();
    }
    Failure trouble = Failure.builder(FailureKind.SERVER_TROUBLE, "x").build();
    long before = 0;
    for (int failures = 1; failures <= 1_000_000; failures++) {
      long longest = Backoff.after(trouble, failures, 1.0, false, 1L << 50).nanos();
      assertThat(longest).isGreaterThanOrEqualTo(before).isLessThanOrEqualTo(60 * SECOND);
      before = longest;
    }
    assertThat(before).isEqualTo(60 * SECOND);
    Attempts attempts = Attempts.NONE;
    Backoff.Delay delay = new Backoff.Delay(1, false);
    Failure failure = Failure.builder(FailureKind.UNCLEAR, "x").build();
    for (int i = 0; i < 1_000_000; i++) {
      attempts = attempts.failed(failure, i, delay);
    }
    assertThat(attempts.failures()).isEqualTo(1_000_000);
    assertThat(
            new Attempts(Integer.MAX_VALUE, failure, 0, 0, 0, false, false, 0, 0)
                .failed(failure, 0, delay)
                .failures())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  @Spec("LC-13")
  void jitterMovesTheSoftPointEarlierByUpToHalfOfItsDistanceToTheHardPoint() {
    Duration life = Duration.ofSeconds(100);
    RenewalPolicy policy = RenewalPolicy.standard();
    double earliest = 0;
    double latest = 1e9;
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < 1000; i++) {
      Held held = Held.of(OLD, life, policy, random.nextDouble(), 0, WALL);
      double softAt = held.softAt() / 1e9;
      assertThat(softAt).isBetween(65.0, 75.0);
      assertThat(held.hardAt()).isEqualTo(95 * SECOND);
      earliest = Math.max(earliest, softAt);
      latest = Math.min(latest, softAt);
    }
    assertThat(earliest).isGreaterThan(74.5);
    assertThat(latest).isLessThan(65.5);
  }

  @ParameterizedTest
  @EnumSource(names = {"INVALID_CLIENT", "REFUSED"})
  @Spec({"LC-22", "LC-23"})
  void aRefusedClientOrRequestIsNotAskedAgainForAMinute(FailureKind refusal) {
    given(Zone.EMPTY);
    lookUp(0);
    fail(refusal, SECOND);
    lookUp(60 * SECOND);
    assertThat(effects).containsExactly(new Refuse(Why.FAILURE));
    lookUp(61 * SECOND);
    assertThat(starts()).isTrue();
  }

  @Test
  @Spec("LC-27")
  void anUntrustedServerIsNotAskedAgainForTenSeconds() {
    given(Zone.EMPTY);
    lookUp(0);
    fail(FailureKind.UNTRUSTED_SERVER, SECOND);
    lookUp(11 * SECOND - 1);
    assertThat(effects).containsExactly(new Refuse(Why.FAILURE));
    lookUp(11 * SECOND);
    assertThat(starts()).isTrue();
  }

  @Test
  @Spec({"LC-24", "LC-15"})
  void aCallerThatDoesNotWaitMeetsTheNegativeCache() {
    given(Zone.EMPTY);
    lookUpWithoutWaiting(0);
    fail(FailureKind.SERVER_TROUBLE, SECOND);
    lookUpWithoutWaiting(SECOND + 1);
    assertThat(effects).containsExactly(new Refuse(Why.FAILURE));
    lookUp(SECOND + 2);
    assertThat(only(Park.class).hasToken()).as("one that waits does not").isFalse();
  }

  @Test
  @Spec("LC-25")
  void retryAfterIsObeyedAndWhoCannotWaitThatLongIsToldAtOnce() {
    given(Zone.EMPTY);
    lookUp(0);
    Failure throttled =
        Failure.builder(FailureKind.THROTTLED, "Later.").retryAfter(Duration.ofSeconds(20)).build();
    fail(throttled, SECOND);
    assertThat(only(RefuseLate.class).nextAttemptAt()).isEqualTo(21 * SECOND);
    assertThat(state.wakeIn(SECOND)).isEqualTo(20 * SECOND);
    step(new SourceEvent.Woken(false), 20 * SECOND);
    assertThat(starts()).isFalse();
    step(new LookUp(15 * SECOND, true, Demand.USABLE, null), 5 * SECOND);
    assertThat(effects).containsExactly(new Refuse(Why.FAILURE));
    step(new LookUp(25 * SECOND, true, Demand.USABLE, null), 5 * SECOND);
    assertThat(has(Park.class)).isTrue();
    step(new SourceEvent.Woken(false), 21 * SECOND);
    assertThat(starts()).isTrue();
  }

  @Test
  @Spec({"LC-25", "SE-50"})
  void retryAfterZeroDoesNotMakeALoop() {
    given(Zone.EMPTY);
    lookUp(0);
    fail(Failure.builder(FailureKind.THROTTLED, "Now.").retryAfter(Duration.ZERO).build(), SECOND);
    assertThat(state.wakeIn(SECOND)).isPositive();
  }

  @Test
  @Spec("LC-28")
  void aRotatingTokenThatMayBeSpentIsSentAgainNotBeforeTheFirstRequestIsOver() {
    given(Zone.EXPIRED);
    lookUp(Zone.EXPIRED.at);
    Failure unclear = Failure.builder(FailureKind.UNCLEAR, "No answer.").build();
    long now = Zone.EXPIRED.at + SECOND;
    step(new SourceEvent.Failed(1, unclear, 1.0, 15 * SECOND), now);
    assertThat(state.wakeIn(now)).isEqualTo(15 * SECOND);
    assertThat(only(RefuseLate.class).nextAttemptAt()).isEqualTo(now + 15 * SECOND);
  }

  @Test
  @Spec("LC-28")
  void aRotatingTokenThatMayBeSpentIsServedOutBeforeItIsSentAgain() {
    given(Zone.RENEWABLE);
    lookUp(76 * SECOND);
    Failure unclear = Failure.builder(FailureKind.UNCLEAR, "No answer.").build();
    step(new SourceEvent.Failed(1, unclear, 1.0, 5 * SECOND), 77 * SECOND);
    assertThat(state.wakeIn(77 * SECOND)).as("until the hard margin").isEqualTo(18 * SECOND);
    lookUp(90 * SECOND);
    assertThat(effects).containsExactly(new Serve(OLD));
  }

  // ---- the end of a grant

  @Test
  @Spec("LC-20")
  void aGrantThatIsOverKeepsItsTokenUntilThatEnds() {
    given(Zone.RENEWABLE);
    lookUp(Zone.RENEWABLE.at);
    step(
        new SourceEvent.GrantOver(1, new SourceState.Over(Reason.REFUSED, "Over.", null, false)),
        Zone.RENEWABLE.at);
    assertThat(state.tokenState(Zone.DUE.at)).isEqualTo(TokenState.DUE);
    lookUp(Zone.DUE.at);
    assertThat(effects).containsExactly(new Serve(OLD));
    assertThat(state.tokenState(Zone.EXPIRED.at)).isEqualTo(TokenState.LOGIN_REQUIRED);
    lookUp(Zone.EXPIRED.at);
    assertThat(effects).containsExactly(new Refuse(Why.LOGIN_REQUIRED));
    assertThat(state.wakeIn(Zone.EXPIRED.at)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aGrantThatIsOverTellsAllWhoWait() {
    given(Zone.EXPIRED);
    lookUp(Zone.EXPIRED.at);
    lookUp(Zone.EXPIRED.at);
    step(
        new SourceEvent.GrantOver(1, new SourceState.Over(Reason.REFUSED, "Over.", null, false)),
        Zone.EXPIRED.at);
    assertThat(only(RefuseAll.class).why()).isEqualTo(Why.LOGIN_REQUIRED);
    assertThat(state.waiting()).isZero();
  }

  private static SourceEvent.GrantOver overUntilALogin(long flight) {
    return new SourceEvent.GrantOver(
        flight, new SourceState.Over(Reason.REFUSED, "Over.", null, true));
  }

  @Test
  void aPersonIsNotAskedWhileTheTokenInHandLasts() {
    given(Zone.RENEWABLE);
    lookUp(Zone.RENEWABLE.at);
    step(overUntilALogin(1), Zone.RENEWABLE.at);
    assertThat(starts()).as("by itself").isFalse();
    assertThat(state.wakeIn(Zone.RENEWABLE.at)).isEqualTo(Long.MAX_VALUE);
    lookUp(Zone.DUE.at);
    assertThat(effects).containsExactly(new Serve(OLD));
    step(new SourceEvent.Woken(true), Zone.EXPIRED.at);
    assertThat(starts()).as("by a timer").isFalse();
  }

  @Test
  void aPersonIsAskedForTheNextCallerWhoHasNoToken() {
    given(Zone.RENEWABLE);
    lookUp(Zone.RENEWABLE.at);
    step(overUntilALogin(1), Zone.RENEWABLE.at);
    lookUp(Zone.EXPIRED.at);
    assertThat(starts()).isTrue();
    assertThat(has(Park.class)).isTrue();
    lookUp(Zone.EXPIRED.at);
    assertThat(starts()).as("a second login beside the first").isFalse();
  }

  @Test
  void aPersonIsAskedAtOnceForThoseWhoWait() {
    given(Zone.EXPIRED);
    lookUp(Zone.EXPIRED.at);
    step(overUntilALogin(1), Zone.EXPIRED.at);
    assertThat(starts()).isTrue();
    assertThat(has(RefuseAll.class)).isFalse();
    assertThat(state.waiting()).isEqualTo(1);
  }

  // ---- refusals by an API

  @Test
  @Spec("LC-30")
  void aRefusedTokenGoesOnServingOthersWhileItsSuccessorIsFetched() {
    given(Zone.FRESH);
    step(new LookUp(30 * SECOND, true, Demand.USABLE, OLD), Zone.FRESH.at);
    assertThat(effects).containsExactly(new StartFlight(1), new Park(30 * SECOND, false));
    lookUp(Zone.FRESH.at);
    assertThat(effects).containsExactly(new Serve(OLD));
    assertThat(state.quietUntil(Zone.FRESH.at)).isGreaterThan(Zone.FRESH.at);
  }

  @Test
  @Spec("LC-30")
  void aRefusalOfAnOlderTokenIsAnsweredByTheOneInHand() {
    given(Zone.FRESH);
    step(new LookUp(30 * SECOND, true, Demand.USABLE, AccessToken.bearer("older")), Zone.FRESH.at);
    assertThat(effects).containsExactly(new Serve(OLD));
  }

  @Test
  void aWithdrawnTokenIsNotServedAndAnotherOneIsLeftAlone() {
    given(Zone.FRESH);
    step(new SourceEvent.Withdrawn(NEW), Zone.FRESH.at);
    lookUp(Zone.FRESH.at);
    assertThat(effects).containsExactly(new Serve(OLD));
    step(new SourceEvent.Withdrawn(OLD), Zone.FRESH.at);
    lookUp(Zone.FRESH.at);
    assertThat(starts()).isTrue();
    assertThat(has(Serve.class)).isFalse();
  }

  // ---- the end of a wait

  @Test
  void aCallerWhoseTokenEndsWhileItWaitsForABetterOneWaitsOn() {
    given(Zone.DUE);
    lookUp(Zone.DUE.at);
    step(new SourceEvent.WallSeen(WALL.plusSeconds(3600)), Zone.DUE.at + 1);
    fail(FailureKind.UNCLEAR, Zone.DUE.at + 2);
    assertThat(has(ReleaseParked.class)).as("an ended token").isFalse();
    long deadline = Zone.DUE.at + 30 * SECOND;
    step(new SourceEvent.WaitEnded(true, deadline, null), Zone.DUE.at + SECOND);
    assertThat(only(Park.class)).isEqualTo(new Park(deadline, false));
    assertThat(state.waiting()).isEqualTo(1);
    assertThat(state.parked()).isZero();
    step(new SourceEvent.WaitEnded(false, deadline, null), deadline);
    assertThat(effects).containsExactly(new Refuse(Why.TIMEOUT));
    assertThat(state.waiting()).isZero();
  }

  @Test
  void aCallerWhoseTokenIsWithdrawnWhileItWaitsForABetterOneWaitsOn() {
    given(Zone.DUE);
    lookUp(Zone.DUE.at);
    step(new SourceEvent.Withdrawn(OLD), Zone.DUE.at + 1);
    step(new SourceEvent.WaitEnded(true, 200 * SECOND, null), Zone.DUE.at + SECOND);
    assertThat(only(Park.class)).isEqualTo(new Park(200 * SECOND, false));
    step(
        new SourceEvent.GrantOver(1, new SourceState.Over(Reason.REFUSED, "Over.", null, false)),
        Zone.DUE.at + SECOND);
    assertThat(only(RefuseAll.class).why()).isEqualTo(Why.LOGIN_REQUIRED);
  }

  @Test
  void aTokenWhoseLifeWasUsedUpByItsOwnAnswerIsForOneUse() {
    given(Zone.EMPTY);
    lookUp(0);
    obtain(NEW, 0);
    given(Zone.EMPTY);
    lookUp(0);
    step(new SourceEvent.Obtained(1, NEW, held(NEW, 0)), 101 * SECOND);
    assertThat(only(ReleaseAll.class).token()).isEqualTo(NEW);
    assertThat(state.held()).isNull();
    assertThat(state.attempts().allows(101 * SECOND)).as("no storm").isFalse();
  }

  @Test
  void aWarmUpObtainsTheFirstTokenAndLeavesAFreshOneAlone() {
    given(Zone.EMPTY);
    step(new SourceEvent.Nudged(), 0);
    assertThat(starts()).isTrue();
    given(Zone.FRESH);
    step(new SourceEvent.Nudged(), Zone.FRESH.at);
    assertThat(effects).isEmpty();
  }

  // ---- timers and idleness

  @Test
  @Spec("LC-14")
  void atTheSoftPointAUsedTokenIsRenewedAndAnUnusedOneIsLeftToDie() {
    given(Zone.FRESH);
    assertThat(state.wakeIn(Zone.FRESH.at)).isEqualTo(65 * SECOND);
    step(new SourceEvent.Woken(true), 75 * SECOND);
    assertThat(starts()).isTrue();

    given(Zone.FRESH);
    step(new SourceEvent.Woken(false), 75 * SECOND);
    assertThat(effects).isEmpty();
    assertThat(state.wakeIn(75 * SECOND)).isEqualTo(Long.MAX_VALUE);
    lookUp(Zone.RENEWABLE.at);
    assertThat(starts()).as("the next caller wakes it").isTrue();
  }

  @Test
  void aTimerThatComesTooEarlyStartsNothing() {
    given(Zone.FRESH);
    step(new SourceEvent.Woken(true), 75 * SECOND - 1);
    assertThat(effects).isEmpty();
  }

  // ---- clocks

  @Test
  @Spec({"LC-02", "LC-03"})
  void theEarlierOfBothClocksEndsAToken() {
    given(Zone.FRESH);
    long now = 10 * SECOND;
    step(new SourceEvent.WallSeen(WALL.plusSeconds(60)), now);
    assertThat(endsAt()).as("wall set forward").isEqualTo(now + 40 * SECOND);
    step(new SourceEvent.WallSeen(WALL.minusSeconds(3600)), now);
    assertThat(endsAt()).as("wall set back").isEqualTo(100 * SECOND);
    step(new SourceEvent.WallSeen(WALL.plusSeconds(7200)), now);
    assertThat(state.hasUsable(now)).as("slept for two hours").isFalse();
    lookUp(now);
    assertThat(has(Serve.class)).isFalse();
  }

  @Test
  void aWallClockYearsAwayOverflowsNothing() {
    given(Zone.FRESH);
    step(new SourceEvent.WallSeen(Instant.MAX), 10 * SECOND);
    assertThat(state.hasUsable(10 * SECOND)).isFalse();
    step(new SourceEvent.WallSeen(Instant.MIN), 10 * SECOND);
    assertThat(endsAt()).isEqualTo(100 * SECOND);
  }

  // ---- one use only, late events, closing

  @Test
  @Spec("LC-06")
  void aTokenForOneUseGoesToAllWhoWaitedAndTheNextIsFetchedAfterAGapThatDoubles() {
    given(Zone.EMPTY);
    long now = 0;
    long[] gaps = {1, 2, 4, 8, 16, 32, 60, 60};
    for (long gap : gaps) {
      lookUp(now);
      lookUp(now);
      step(new SourceEvent.Obtained(state.flights(), NEW, null), now);
      assertThat(only(ReleaseAll.class).token()).isEqualTo(NEW);
      assertThat(state.zone(now)).isEqualTo(TokenState.EMPTY);
      assertThat(state.attempts().notBefore()).isEqualTo(now + gap * SECOND);
      lookUpWithoutWaiting(now + gap * SECOND - 1);
      assertThat(starts()).isFalse();
      now += gap * SECOND;
    }
  }

  @Test
  void anAnswerOfAnEarlierFlightChangesNothing() {
    given(Zone.EMPTY);
    lookUp(0);
    obtain(NEW, SECOND);
    SourceState before = state;
    step(new SourceEvent.Obtained(1, OLD, held(OLD, 0)), 2 * SECOND);
    assertThat(effects).isEmpty();
    assertThat(state).isEqualTo(before);
  }

  @Test
  void aFailureReleasesThoseWhoHaveATokenWithIt() {
    given(Zone.DUE);
    lookUp(Zone.DUE.at);
    lookUp(Zone.DUE.at);
    assertThat(state.parked()).isEqualTo(2);
    fail(FailureKind.UNCLEAR, Zone.DUE.at + 1);
    assertThat(only(ReleaseParked.class).token()).isEqualTo(OLD);
    assertThat(state.parked()).isZero();
    lookUp(Zone.DUE.at + 2);
    assertThat(effects).containsExactly(new Serve(OLD));
  }

  @Test
  void aClosedSourceTellsAllAndDoesNothingAnyMore() {
    given(Zone.RENEWABLE);
    lookUp(Zone.RENEWABLE.at);
    step(new SourceEvent.Closed(), Zone.RENEWABLE.at);
    assertThat(only(RefuseAll.class).why()).isEqualTo(Why.CLOSED);
    lookUp(Zone.RENEWABLE.at);
    assertThat(effects).containsExactly(new Refuse(Why.CLOSED));
    obtain(NEW, Zone.RENEWABLE.at);
    assertThat(effects).isEmpty();
    assertThat(state.wakeIn(Zone.RENEWABLE.at)).isEqualTo(Long.MAX_VALUE);
    assertThat(state.quietUntil(Zone.RENEWABLE.at)).isEqualTo(Zone.RENEWABLE.at);
  }

  @Test
  void theFastPathNeverReachesBeyondTheEndOfAToken() {
    for (Zone zone : Zone.values()) {
      given(zone);
      for (FailureKind kind : FailureKind.values()) {
        lookUp(zone.at);
        fail(kind, zone.at);
        long quiet = state.quietUntil(zone.at);
        assertThat(quiet).isLessThanOrEqualTo(Math.max(zone.at, 100 * SECOND));
      }
    }
  }

  // ---- a logout

  private static final SourceState.Over LOGGED_OUT = SourceState.Over.loggedOut(false);

  @ParameterizedTest
  @Spec("RV-05")
  @EnumSource(Zone.class)
  void afterALogoutNoTokenIsServedAndNothingStarts(Zone zone) {
    given(zone);
    step(new SourceEvent.GrantWithdrawn(LOGGED_OUT), zone.at);
    assertThat(has(SourceEffect.AnnounceOver.class)).isTrue();
    lookUp(zone.at);
    assertThat(effects).containsExactly(new Refuse(Why.LOGIN_REQUIRED));
    assertThat(state.wakeIn(zone.at)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  @Spec("RV-05")
  void whatAnAttemptUnderWayBringsAfterALogoutIsNotUsed() {
    given(Zone.EMPTY);
    lookUp(0);
    step(new SourceEvent.GrantWithdrawn(LOGGED_OUT), SECOND);
    assertThat(effects).contains(new RefuseAll(Why.LOGIN_REQUIRED));
    obtain(NEW, 2 * SECOND);
    assertThat(effects).isEmpty();
    assertThat(state.held()).isNull();
  }

  @Test
  void aLogoutIsToldOnce() {
    given(Zone.FRESH);
    step(new SourceEvent.GrantWithdrawn(LOGGED_OUT), SECOND);
    step(new SourceEvent.GrantWithdrawn(LOGGED_OUT), SECOND);
    assertThat(effects).isEmpty();
  }

  @Test
  void afterALogoutThatALoginCanUndoTheNextCallerHasThePersonAsked() {
    given(Zone.FRESH);
    step(new SourceEvent.GrantWithdrawn(SourceState.Over.loggedOut(true)), SECOND);
    lookUp(2 * SECOND);
    assertThat(starts()).isTrue();
  }

  @Test
  void whenOnlyTheTokensAreWithdrawnTheNextCallerHasAnotherFetched() {
    given(Zone.FRESH);
    step(new SourceEvent.GrantWithdrawn(null), SECOND);
    assertThat(effects).isEmpty();
    lookUp(2 * SECOND);
    assertThat(starts()).isTrue();
  }

  // ---- others change the grant

  private static final SourceState.Over REFUSED =
      new SourceState.Over(Reason.REFUSED, "refused", null, false);

  @ParameterizedTest
  @EnumSource(Zone.class)
  void aTokenThatSomebodyElseGotIsServed(Zone zone) {
    given(zone);
    step(new SourceEvent.Adopted(held(NEW, zone.at)), zone.at);
    lookUp(zone.at);
    assertThat(effects).containsExactly(new Serve(NEW));
  }

  @Test
  void anAttemptUnderWayIsLeftToFindOutByItself() {
    given(Zone.EMPTY);
    lookUp(0);
    step(new SourceEvent.Adopted(held(NEW, SECOND)), SECOND);
    step(new SourceEvent.EndedElsewhere(REFUSED), SECOND);
    step(new SourceEvent.BegunAnew(), SECOND);
    assertThat(effects).isEmpty();
    obtain(NEW, 2 * SECOND);
    assertThat(has(ReleaseAll.class)).isTrue();
  }

  @Test
  void aTokenIsUsedUpWhenTheGrantHasEndedElsewhereAndThatIsToldOnce() {
    given(Zone.FRESH);
    step(new SourceEvent.EndedElsewhere(REFUSED), 10 * SECOND);
    assertThat(has(SourceEffect.AnnounceOver.class)).isTrue();
    step(new SourceEvent.EndedElsewhere(REFUSED), 11 * SECOND);
    assertThat(effects).isEmpty();
    lookUp(90 * SECOND);
    assertThat(effects).containsExactly(new Serve(OLD));
    lookUp(101 * SECOND);
    assertThat(effects).containsExactly(new Refuse(Why.LOGIN_REQUIRED));
  }

  @Test
  void aLoginElsewhereEndsTheTokenInHandAndTheNextCallerHasAnotherFetched() {
    given(Zone.FRESH);
    step(new SourceEvent.GrantWithdrawn(LOGGED_OUT), SECOND);
    step(new SourceEvent.BegunAnew(), 2 * SECOND);
    lookUp(3 * SECOND);
    assertThat(starts()).isTrue();
  }
}
