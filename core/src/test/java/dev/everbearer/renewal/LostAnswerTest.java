package dev.everbearer.renewal;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.server.ReuseWindow;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A refresh whose answer is lost: the server has replaced the refresh token, and we do not know.
 * Tokens live 300 s, are renewed from 225 s on and are due from 285 s on; an exchange takes at most
 * 5 s.
 */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class LostAnswerTest {

  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Answer LOST = Answer.healthy().sentAs(Answer.closeBeforeAnswer());

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final MemoryTokenStore store;

  LostAnswerTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = server;
    this.store = new MemoryTokenStore(clock);
  }

  @BeforeEach
  void issueTokensOfFiveMinutes() {
    server.accessTokenLifetime(Duration.ofMinutes(5));
  }

  private OAuthClientBuilder client(ReuseWindow window) {
    return clientOf(server)
        .profile(ProviderProfile.builder().reuseWindow(window).build())
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .executor(Runnable::run)
        .random(() -> 0.5)
        .store(store)
        .exchangeTimeout(Duration.ofSeconds(5));
  }

  private Grant grant(String... scope) {
    return Grant.refreshToken(server.issueRefreshToken(ID, scope));
  }

  private int requests() {
    return server.tokenRequests().size();
  }

  /** Has a token in hand, and loses the answer to its renewal. */
  private AccessToken loseRenewal(TokenSource source) {
    return renew(source, LOST);
  }

  private AccessToken renew(TokenSource source, Answer answer) {
    source.token();
    server.answerNext(answer);
    clock.advance(Duration.ofSeconds(200));
    for (int i = 0; requests() < 2 && i < 300; i++) {
      clock.advance(Duration.ofMillis(100));
    }
    AccessToken served = source.token();
    assertThat(requests()).as("the first one, and the lost one").isEqualTo(2);
    return served;
  }

  /** Has no token in hand, and loses the first answer. */
  private CompletableFuture<AccessToken> loseFirst(TokenSource source) {
    server.answerNext(LOST);
    CompletableFuture<AccessToken> token =
        source.tokenAsync(Duration.ofMinutes(2)).toCompletableFuture();
    assertThat(requests()).isEqualTo(1);
    assertThat(token).isNotDone();
    return token;
  }

  // ---- where replaced tokens stay good

  /** A server that gives the same answer again for a while, or one that does not rotate at all. */
  private ReuseWindow forgiving(boolean isRotating) {
    server.refreshPolicy(
        isRotating
            ? RefreshPolicy.window(WINDOW, RefreshPolicy.Successor.SAME_CHILD)
            : RefreshPolicy.NO_ROTATION);
    return isRotating
        ? ReuseWindow.of(WINDOW).giving(ReuseWindow.Successor.SAME)
        : ReuseWindow.unlimited();
  }

  @ParameterizedTest
  @Spec({"RF-07", "PQ-12"})
  @ValueSource(booleans = {true, false})
  void whereTheSameComesAgainItIsAskedForAtOnce(boolean isRotating) {
    try (OAuthClient client = client(forgiving(isRotating)).build()) {
      TokenSource source = client.tokens(grant());
      AccessToken old = loseRenewal(source);
      clock.advance(Duration.ofSeconds(1));
      assertThat(requests()).isEqualTo(3);
      assertThat(source.token()).isNotEqualTo(old);
      assertThat(server.reuseDetected()).isZero();
      assertThat(server.familiesRevoked()).isZero();
    }
  }

  @ParameterizedTest
  @Spec({"RF-07", "PQ-12"})
  @ValueSource(booleans = {true, false})
  void whoeverWaitsForTheFirstTokenGetsItAtOnceToo(boolean isRotating) {
    try (OAuthClient client = client(forgiving(isRotating)).build()) {
      CompletableFuture<AccessToken> token = loseFirst(client.tokens(grant()));
      clock.advance(Duration.ofSeconds(1));
      assertThat(token).isCompleted();
      assertThat(server.familiesRevoked()).isZero();
    }
  }

  @Test
  @Spec({"RF-07", "PQ-12"})
  void whereAnotherComesTheFirstRequestIsLetFinish() {
    server.refreshPolicy(RefreshPolicy.window(WINDOW, RefreshPolicy.Successor.NEW_CHILD));
    try (OAuthClient client = client(ReuseWindow.of(WINDOW)).build()) {
      TokenSource source = client.tokens(grant());
      AccessToken old = loseRenewal(source);
      clock.advance(Duration.ofMillis(4_900));
      assertThat(requests()).isEqualTo(2);
      clock.advance(Duration.ofSeconds(1));
      assertThat(requests()).isEqualTo(3);
      assertThat(source.token()).isNotEqualTo(old);
      assertThat(server.familiesRevoked()).isZero();
    }
  }

  // ---- where they are over

  @Test
  @Spec("RF-07")
  void aStrictServerIsAskedOnceMoreAndNotBeforeTheTokenInHandIsDue() {
    try (OAuthClient client = client(ReuseWindow.none()).build()) {
      TokenSource source = client.tokens(grant());
      AccessToken old = loseRenewal(source);
      advanceTo(Duration.ofSeconds(284));
      assertThat(source.token()).isEqualTo(old);
      assertThat(requests()).isEqualTo(2);
      advanceTo(Duration.ofSeconds(286));
      assertThat(requests()).isEqualTo(3);
      advanceTo(Duration.ofSeconds(301));
      assertThat(catchLoginRequired(source).reason())
          .isEqualTo(LoginRequiredException.Reason.LOST_IN_FLIGHT);
      assertThat(requests()).isEqualTo(3);
    }
  }

  private void advanceTo(Duration sinceStart) {
    clock.advance(Duration.between(clock.instant(), SettableClock.START.plus(sinceStart)));
  }

  private static LoginRequiredException catchLoginRequired(TokenSource source) {
    return refusal(LoginRequiredException.class, source::token);
  }

  @ParameterizedTest
  @Spec("RF-07")
  @ValueSource(booleans = {true, false})
  void withoutATokenItIsSentAgainAsSoonAsTheFirstRequestIsOver(boolean isKnown) {
    ReuseWindow window = isKnown ? ReuseWindow.none() : ReuseWindow.unknown();
    server.refreshPolicy(RefreshPolicy.REFUSE_REUSE);
    try (OAuthClient client = client(window).build()) {
      CompletableFuture<AccessToken> token = loseFirst(client.tokens(grant()));
      clock.advance(Duration.ofMillis(4_900));
      assertThat(requests()).isEqualTo(1);
      clock.advance(Duration.ofMillis(200));
      assertThat(requests()).isEqualTo(2);
      assertThat(token).isCompletedExceptionally();
    }
  }

  @Test
  @Spec("RF-07")
  void aRequestThatNeverArrivedIsMadeUpForNearTheEnd() {
    try (OAuthClient client = client(ReuseWindow.none()).build()) {
      TokenSource source = client.tokens(grant());
      source.token();
      server.answerNext(Answer.closeBeforeAnswer());
      clock.advance(Duration.ofSeconds(230));
      AccessToken old = source.token();
      clock.advance(Duration.ofSeconds(56));
      assertThat(source.token()).isNotEqualTo(old);
      assertThat(server.familiesRevoked()).isZero();
    }
  }

  // ---- an answer that is not the server's

  @ParameterizedTest
  @Spec({"RF-07", "LC-24"})
  @ValueSource(ints = {408, 500, 502, 504, 522})
  void whatAGatewayAnswersSaysNothingOfTheServerBehindIt(int status) {
    try (OAuthClient client = client(ReuseWindow.none()).build()) {
      TokenSource source = client.tokens(grant());
      AccessToken old = renew(source, Answer.healthy().sentAs(Answer.status(status)));
      advanceTo(Duration.ofSeconds(284));
      assertThat(source.token()).isEqualTo(old);
      assertThat(requests()).isEqualTo(2);
    }
  }

  @Test
  @Spec({"RF-07", "LC-24"})
  void aFrameworksErrorPageIsNoAnswerOfTheServerEither() {
    Answer page = Answer.json(500, "{\"status\":500,\"error\":\"Internal Server Error\"}");
    try (OAuthClient client = client(ReuseWindow.none()).build()) {
      TokenSource source = client.tokens(grant());
      AccessToken old = renew(source, Answer.healthy().sentAs(page));
      advanceTo(Duration.ofSeconds(284));
      assertThat(source.token()).isEqualTo(old);
      assertThat(requests()).isEqualTo(2);
    }
  }

  @Test
  @Spec({"RF-07", "LC-24"})
  void insideAWindowItIsSentAgainAfterAGatewaysAnswer() {
    try (OAuthClient client = client(forgiving(true)).build()) {
      TokenSource source = client.tokens(grant());
      AccessToken old = renew(source, Answer.healthy().sentAs(Answer.status(504)));
      clock.advance(Duration.ofSeconds(1));
      assertThat(requests()).isEqualTo(3);
      assertThat(source.token()).isNotEqualTo(old);
      assertThat(server.familiesRevoked()).isZero();
    }
  }

  static Stream<Answer> answersOfTheServerItself() {
    return Stream.of(
        Answer.status(503),
        Answer.status(429),
        Answer.status(503).header("Retry-After", "2"),
        Answer.json(400, "{\"error\":\"temporarily_unavailable\"}"),
        Answer.json(500, "{\"error\":\"server_error\"}"));
  }

  @ParameterizedTest
  @Spec({"RF-07", "LC-24", "LC-25"})
  @MethodSource("answersOfTheServerItself")
  void whatTheServerItselfAnswersEndsTheRequestAndItIsAskedAgain(Answer answer) {
    try (OAuthClient client = client(ReuseWindow.none()).build()) {
      TokenSource source = client.tokens(grant());
      AccessToken old = renew(source, answer);
      advanceTo(Duration.ofSeconds(284));
      assertThat(source.token()).isNotEqualTo(old);
      assertThat(requests()).isEqualTo(3);
      assertThat(server.familiesRevoked()).isZero();
    }
  }

  // ---- a request that is late before it leaves

  private CompletableFuture<AccessToken> ofSlowSecret(Duration... takes) {
    Deque<Duration> slow = new ArrayDeque<>(List.of(takes));
    ClientAuthentication authentication =
        ClientAuthentication.clientSecretBasic(
            ID,
            () -> {
              clock.advance(slow.isEmpty() ? Duration.ZERO : slow.pop());
              return SECRET;
            });
    OAuthClient client = client(ReuseWindow.none()).authentication(authentication).build();
    return client
        .tokens(grant())
        .tokenAsync(Duration.ofMinutes(2))
        .whenComplete((token, thrown) -> client.close())
        .toCompletableFuture();
  }

  @Test
  @Spec("RF-07")
  void whenItsSecretTookTheWholeTimeItIsNotSentAndCountsAsNotSent() {
    Duration whole = Duration.ofSeconds(5);
    CompletableFuture<AccessToken> token = ofSlowSecret(whole, whole);
    assertThat(requests()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(requests()).as("no quiet time is waited for").isEqualTo(1);
    assertThat(token).isCompleted();
  }

  @Test
  @Spec("RF-07")
  void afterOnePauseItIsLookedAgainAtOnce() {
    assertThat(ofSlowSecret(Duration.ofSeconds(5))).isCompleted();
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  @Spec("RF-07")
  void whenItsSecretLeftTimeItIsSent() {
    assertThat(ofSlowSecret(Duration.ofMillis(4_500))).isCompleted();
    assertThat(requests()).isEqualTo(1);
  }

  // ---- who shares the refresh token

  @Test
  @Spec({"RF-07", "LC-60"})
  void anotherVariantOfTheGrantDoesNotSendItMeanwhileEither() {
    server.refreshPolicy(RefreshPolicy.NO_ROTATION);
    try (OAuthClient client = client(ReuseWindow.none()).build()) {
      Grant all = grant("read", "write");
      loseFirst(client.tokens(all));
      clock.advance(Duration.ofSeconds(4));
      CompletableFuture<AccessToken> other =
          client.tokens(narrowed(all)).tokenAsync(Duration.ofSeconds(2)).toCompletableFuture();
      assertThat(other).isNotDone();
      clock.advance(Duration.ofMillis(900));
      assertThat(requests()).isEqualTo(1);
      clock.advance(Duration.ofMillis(200));
      assertThat(other).as("one second later, not five").isCompleted();
    }
  }

  @Test
  @Spec({"RF-07", "LC-60"})
  void anotherVariantServesWhatItHasBeforeItSendsIt() {
    try (OAuthClient client = client(ReuseWindow.none()).build()) {
      Grant all = grant("read", "write");
      TokenSource source = client.tokens(all);
      TokenSource other = client.tokens(narrowed(all));
      source.token();
      AccessToken held = other.token();
      server.answerNext(LOST);
      clock.advance(Duration.ofSeconds(200));
      for (int i = 0; requests() < 3; i++) {
        assertThat(i).isLessThan(300);
        clock.advance(Duration.ofMillis(100));
      }
      advanceTo(Duration.ofSeconds(284));
      assertThat(source.token()).isNotNull();
      assertThat(other.token()).isEqualTo(held);
      assertThat(requests()).as("two first ones, and the lost one").isEqualTo(3);
    }
  }

  private Grant narrowed(Grant all) {
    return Grant.refreshToken(all.initialRefreshToken().orElseThrow().reveal()).scope("read");
  }

  // ---- what else may happen meanwhile

  @Test
  @Spec("RF-07")
  void whereTheWindowEndsMeanwhileTheTokenInHandIsServedOut() {
    try (OAuthClient client = client(forgiving(true)).build()) {
      TokenSource source = client.tokens(grant());
      AccessToken held = loseRenewal(source);
      server.answerAlways(Answer.status(503));
      clock.advance(WINDOW);
      int during = requests();
      assertThat(during).as("it was tried inside the window").isGreaterThan(2);
      server.answerAlways(Answer.healthy());
      advanceTo(Duration.ofSeconds(284));
      assertThat(source.token()).isEqualTo(held);
      assertThat(requests()).isEqualTo(during);
      advanceTo(Duration.ofSeconds(286));
      assertThat(requests()).isEqualTo(during + 1);
    }
  }

  @Test
  @Spec("RF-07")
  void aTokenThatTheApiRefusesIsNoReasonToWaitForItsEnd() {
    server.refreshPolicy(RefreshPolicy.NO_ROTATION);
    try (OAuthClient client = client(ReuseWindow.none()).build()) {
      TokenSource source = client.tokens(grant());
      AccessToken refused = loseRenewal(source);
      CompletableFuture<AccessToken> replacement =
          source
              .replacementAsync(
                  refused, URI.create("https://api.example.com"), Duration.ofSeconds(20))
              .toCompletableFuture();
      assertThat(replacement).isNotDone();
      clock.advance(Duration.ofMillis(5_100));
      assertThat(replacement).isCompletedWithValueMatching(token -> !token.equals(refused));
      assertThat(requests()).isEqualTo(3);
    }
  }

  @Test
  @Spec("RF-07")
  void aClockThatIsSetBackReopensNoWindowAndSettlesNothing() {
    try (OAuthClient client = client(forgiving(true)).build()) {
      server.answerNext(LOST, Answer.status(503).header("Retry-After", "1"));
      TokenSource source = client.tokens(grant());
      CompletableFuture<AccessToken> token =
          source.tokenAsync(Duration.ofMinutes(2)).toCompletableFuture();
      clock.stepWall(Duration.ofHours(-1));
      int before = requests();
      clock.advance(Duration.ofMillis(4_900));
      assertThat(requests()).isEqualTo(before);
      clock.advance(Duration.ofSeconds(6));
      assertThat(requests()).as("once, when it is settled").isGreaterThan(before);
      assertThat(token).isCompleted();
    }
  }
}
