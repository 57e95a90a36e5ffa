package dev.everbearer.renewal;

import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.read;
import static dev.everbearer.Exchanges.refusal;
import static dev.everbearer.Exchanges.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Warnings;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a token lives, whatever the server says of it. */
@ExtendWith(ScriptedServers.class)
class ExpiryTest {

  private static final Duration YEAR = Duration.ofDays(365);

  private static OAuthClientBuilder manual(
      ScriptedAuthorizationServer server, SettableClock clock) {
    return clientOf(server)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .random(() -> 1.0)
        .executor(Runnable::run);
  }

  /** A different token for each request, all with the same members. */
  private static Answer numbered(String members) {
    AtomicInteger count = new AtomicInteger();
    return Answer.computedFrom(
        request ->
            Answer.json(
                200,
                "{\"access_token\":\"t%d\",\"token_type\":\"Bearer\"%s}"
                    .formatted(count.incrementAndGet(), members)));
  }

  // ---- unknown

  @ParameterizedTest
  @Spec("LC-05")
  @ValueSource(
      strings = {"", ",\"expires_in\":null", ",\"expires_in\":-1", ",\"expires_in\":\"abc\""})
  void anUnknownLifeIsUsedForAtMostAnHour(
      String member, ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(numbered(member));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      for (int i = 0; i < 1000; i++) {
        assertThat(source.token().value()).isEqualTo("t1");
        assertThat(source.token().expiresAt()).isEmpty();
        clock.advance(Duration.ofMinutes(59).dividedBy(1000));
      }
      assertThat(server.tokenRequests()).hasSize(1);

      clock.advance(Duration.ofMinutes(1));
      assertThat(source.token().value()).isEqualTo("t2");
    }
  }

  @Test
  @Spec("LC-05")
  void anUnknownLifeCanBeFixed(ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(numbered(""));
    RenewalPolicy tenMinutes = RenewalPolicy.standard().unknownLife(Duration.ofMinutes(10));
    try (OAuthClient client = manual(server, clock).renewalPolicy(tenMinutes).build()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      source.token();
      clock.advance(Duration.ofMinutes(9));
      assertThat(source.token().value()).isEqualTo("t1");
      clock.advance(Duration.ofMinutes(1));
      assertThat(source.token().value()).isEqualTo("t2");
    }
  }

  @Test
  @Spec("LC-05")
  void anUnknownLifeCanBeUnlimitedAndThenEndsByRefusalAlone(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(numbered(""));
    RenewalPolicy unlimited = RenewalPolicy.standard().unknownLifeUnlimited();
    try (OAuthClient client = manual(server, clock).renewalPolicy(unlimited).build()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      AccessToken first = source.token();
      clock.stepWall(Duration.ofDays(300));
      clock.advance(Duration.ofMinutes(5));
      assertThat(source.token()).isEqualTo(first);
      assertThat(server.tokenRequests()).hasSize(1);

      source.invalidate(first);
      assertThat(source.token().value()).isEqualTo("t2");
    }
  }

  // ---- zero

  @ParameterizedTest
  @Spec("LC-06")
  @ValueSource(strings = {"0", "\"0\"", "0.9", "1e-999999999"})
  void aLifeOfZeroIsHandedToAllWhoWaitAndNotKept(
      String life, ScriptedAuthorizationServer server, SettableClock clock) throws Exception {
    server.answerAlways(numbered(",\"expires_in\":" + life));
    Queue<Runnable> tasks = new ArrayDeque<>();
    try (Warnings warnings = Warnings.ofAnswers();
        OAuthClient client = manual(server, clock).executor(tasks::add).build()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      List<CompletionStage<AccessToken>> waiting = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        waiting.add(source.tokenAsync());
      }
      while (!tasks.isEmpty()) {
        tasks.remove().run();
      }

      for (CompletionStage<AccessToken> each : waiting) {
        assertThat(each.toCompletableFuture().get().value()).isEqualTo("t1");
      }
      assertThat(server.tokenRequests()).hasSize(1);
      assertThat(source.state()).isEqualTo(TokenState.EMPTY);
      assertThat(warnings.holding(server.tokenEndpoint() + " are odd: expires_in is 0")).hasSize(1);
    }
  }

  @Test
  @Spec("LC-06")
  void theGapBetweenTokensOfNoLifeDoublesFromOneSecondToAMinute(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(numbered(",\"expires_in\":0"));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      int fetched = 0;
      for (long gap : new long[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
        assertThat(source.token().value()).isEqualTo("t" + ++fetched);
        for (int i = 0; i < 100; i++) {
          assertRefusal(
              refusal(ServerUnavailableException.class, () -> source.token(Duration.ofMillis(1))),
              FailureKind.THROTTLED,
              0,
              "no faster than every " + gap + " s",
              "Give the client a longer token lifetime there.");
        }
        assertThat(server.tokenRequests()).hasSize(fetched);
        clock.advance(Duration.ofSeconds(gap).minusNanos(1));
        refusal(ServerUnavailableException.class, () -> source.token(Duration.ZERO));
        clock.advance(Duration.ofNanos(1));
      }
    }
  }

  @Test
  @Spec("LC-06")
  void aLifeAboveZeroIsKept(ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(numbered(",\"expires_in\":1"));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      assertThat(source.token()).isEqualTo(source.token());
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  // ---- negative and unreadable

  @ParameterizedTest
  @Spec({"LC-07", "LC-08"})
  @CsvSource(
      delimiter = '|',
      value = {
        "-1        | expires_in is negative",
        "-5        | expires_in is negative",
        "-0.5      | expires_in is negative",
        "-1e999999 | expires_in is negative",
        "'\"abc\"' | expires_in is not a number",
        "'\" 60\"' | expires_in is not a number",
        "'\"\"'    | expires_in is not a number",
        "'\"1e\"'  | expires_in is not a number",
        "true      | expires_in is not a number",
        "[]        | expires_in is not a number",
        "[60]      | expires_in is not a number",
        "{}        | expires_in is not a number"
      })
  void aMeaninglessLifeIsUnknownWithAWarningAndFailsInStrictMode(
      String life, String complaint, ScriptedAuthorizationServer server) {
    Answer answer = granted("\"expires_in\":" + life);
    try (Warnings warnings = Warnings.ofAnswers()) {
      assertThat(read(server, answer).expiresIn()).isEmpty();
      assertThat(warnings.holding(server.tokenEndpoint() + " are odd: " + complaint)).hasSize(1);
    }

    MalformedAnswerException refusal =
        refuse(server, answer, ProviderProfile.strict(), MalformedAnswerException.class);
    assertRefusal(refusal, FailureKind.MALFORMED, 200, "which a strict profile does not tolerate");
  }

  // ---- odd but readable, and huge

  @ParameterizedTest
  @Spec("LC-08")
  @CsvSource({
    "3600, 3600",
    "'\"3600\"', 3600",
    "3600.9, 3600",
    "3.6e3, 3600",
    "3.6E+3, 3600",
    "'\"3.6e3\"', 3600",
    "3600000, 3600000",
    "36000e-1, 3600",
    "1.999999999, 1"
  })
  void aNumberIsReadInSecondsAndRoundedDown(
      String life, long seconds, ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerNext(granted("\"expires_in\":" + life));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSet tokens = client.fetch(Grant.clientCredentials());
      assertThat(tokens.expiresIn()).contains(Duration.ofSeconds(seconds));
      assertThat(tokens.accessToken().expiresAt())
          .contains(SettableClock.START.plusSeconds(seconds));
    }
  }

  @ParameterizedTest
  @Spec("LC-08")
  @ValueSource(strings = {"3600", "3600.9", "3.6e3"})
  void aNumberIsReadInStrictModeToo(String life, ScriptedAuthorizationServer server) {
    Answer answer = granted("\"expires_in\":" + life);
    assertThat(read(server, answer, ProviderProfile.strict()).expiresIn())
        .contains(Duration.ofHours(1));
  }

  @ParameterizedTest
  @Spec("LC-09")
  @ValueSource(
      strings = {
        "31536000",
        "31536001",
        "2147483648",
        "9223372036854775808",
        "1e400",
        "1e999999999",
        "\"1e999999999\"",
        "9<999>"
      })
  void aHugeLifeIsClampedToAYear(
      String life, ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(numbered(",\"expires_in\":" + life.replace("<999>", "9".repeat(998))));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      AccessToken first = source.token();
      assertThat(first.expiresAt()).contains(SettableClock.START.plus(YEAR));

      clock.stepWall(Duration.ofDays(364));
      clock.advance(Duration.ofSeconds(2));
      assertThat(source.token()).isEqualTo(first);
      clock.stepWall(Duration.ofDays(1));
      clock.advance(Duration.ofSeconds(2));
      assertThat(source.token().value()).isEqualTo("t2");
    }
  }

  @Test
  @Spec("LC-09")
  void nothingWrapsWhenTheMonotonicClockDoes(ScriptedAuthorizationServer server) {
    SettableClock clock = new SettableClock(SettableClock.START, Long.MAX_VALUE - 5);
    server.answerAlways(numbered(",\"expires_in\":1e999999999"));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      AccessToken first = source.token();
      clock.advance(Duration.ofHours(1));
      assertThat(source.token()).isEqualTo(first);
      assertThat(source.state()).isEqualTo(TokenState.FRESH);
    }
  }

  @ParameterizedTest
  @Spec("LC-09")
  @ValueSource(strings = {"31535999", "1e7"})
  void aLifeBelowAYearIsTakenAsItIs(String life, ScriptedAuthorizationServer server) {
    assertThat(read(server, granted("\"expires_in\":" + life)).expiresIn().orElseThrow())
        .isLessThan(YEAR);
  }

  @ParameterizedTest
  @Spec("LC-09")
  @ValueSource(strings = {"1e-999999999", "-1e-999999999", "1e99999999", "0e999999999"})
  void anExponentCostsNoTime(String life, ScriptedAuthorizationServer server) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> read(server, granted("\"expires_in\":" + life)));
  }
}
