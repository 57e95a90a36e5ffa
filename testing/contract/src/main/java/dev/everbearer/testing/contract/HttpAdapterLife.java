package dev.everbearer.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.contract.HttpAdapterContract.Pending;
import dev.everbearer.testing.contract.HttpAdapterContract.Reply;
import dev.everbearer.testing.contract.HttpAdapterContract.Sender;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Redirects, limits, cancelling, bodies as they come in, and long runs. */
abstract class HttpAdapterLife extends HttpAdapterProofs {

  private static final Duration HASTY = Duration.ofMillis(400);
  private static final Duration LATE = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int CALLS = 10_000;
  private static final int ROUNDS = 100;

  // ---- redirects

  @Test
  @Spec("LC-53")
  void bySettingARedirectInsideTheOriginIsFollowedWithTheToken() throws Exception {
    api.answerNext(Answer.redirect(302, api.uri("/there?a=b")));
    try (Sender following = open(bound().followSameOriginRedirects().build())) {
      assertThat(following.get(api.uri("/here")).status()).isEqualTo(200);
    }
    assertThat(api.requests().stream().map(RecordedRequest::target))
        .containsExactly("/here", "/there?a=b");
    assertThat(authorizations()).hasSize(2);
  }

  @Test
  @Spec({"LC-53", "LC-30"})
  void aRefusalWhereARedirectLedIsHealedThere() throws Exception {
    sender.get(api.uri("/"));
    api.clearRequests();
    api.answerNext(Answer.redirect(307, api.uri("/there")), invalidToken("old"));
    try (Sender following = open(bound().followSameOriginRedirects().build())) {
      assertThat(following.get(api.uri("/here")).status()).isEqualTo(200);
    }
    assertThat(api.requests().stream().map(RecordedRequest::path))
        .containsExactly("/here", "/there", "/there");
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  @Spec({"LC-53", "LC-54"})
  void anotherOriginNeverHearsOfARedirectedRequest() throws Exception {
    try (Sender following = open(bound().followSameOriginRedirects().build())) {
      for (int status : List.of(301, 302, 303, 307, 308)) {
        api.answerNext(Answer.redirect(status, foreign.uri("/trap")));
        assertThat(following.get(api.uri("/")).status()).isEqualTo(status);
        api.answerNext(Answer.redirect(status, foreign.uri("/trap")));
        assertThat(following.post(api.uri("/"), "secret=1").status()).isEqualTo(status);
      }
    }
    assertThat(foreign.requests()).isEmpty();
  }

  // ---- answers

  @Test
  @Spec("LC-30")
  void whenNoOtherTokenCanBeHadTheRefusalIsHandedOverWhole() throws Exception {
    sender.get(api.uri("/"));
    server.answerAlways(downForLong());
    String body = "refused ".repeat(1000);
    api.answerNext(invalidToken(body));
    assertThat(sender.get(api.uri("/"))).isEqualTo(new Reply(401, body));
  }

  @Test
  void aBodyIsReadAsItComesIn() throws Exception {
    sender.get(api.uri("/"));
    api.answerNext(
        Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegun").thenHold());
    try (InputStream body = sender.stream(api.uri("/"))) {
      for (char each : "begun".toCharArray()) {
        assertThat(body.read()).isEqualTo(each);
      }
    }
  }

  @Test
  void anApiThatWantsMoreGetsATokenOfAnotherSourceOnce() throws Exception {
    TokenSource more = client.tokens(Grant.clientCredentials().scope("more"));
    Answer wantsMore =
        Answer.status(403)
            .header("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"more\"");
    try (Sender stepping = open(bound().stepUp(source, wanted -> more).build())) {
      api.answerNext(wantsMore);
      assertThat(stepping.post(api.uri("/"), "an order").status()).isEqualTo(200);
      api.answerNext(wantsMore, wantsMore);
      assertThat(stepping.post(api.uri("/"), "an order").status()).isEqualTo(403);
    }
    String weak = source.token().authorization();
    String strong = more.token().authorization();
    assertThat(authorizations()).containsExactly(weak, strong, weak, strong);
    assertThat(api.requests()).allMatch(sent -> sent.bodyText().equals("an order"));
  }

  // ---- limits

  private void timesOut(Sender hasty, Duration timeout) {
    long start = System.nanoTime();
    Throwable error = catchThrowable(() -> hasty.get(api.uri("/"), timeout));
    assertThat(error).matches(hasty::isTimeout, "is a timeout");
    assertThat(System.nanoTime() - start).isBetween(HASTY.toNanos() / 2, LATE.toNanos());
  }

  @Test
  @Spec("LC-15")
  void theTimeoutCoversTheWaitForATokenAndEndsNoneOfTheOthers() throws Exception {
    server.answerNext(Answer.hang());
    timesOut(sender, HASTY);
    assertThat(api.requests()).isEmpty();
    server.releaseHung();
    assertThat(sender.get(api.uri("/")).status()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  void theTimeoutCoversTheSending() throws Exception {
    sender.get(api.uri("/"));
    api.answerNext(Answer.hang());
    timesOut(sender, HASTY);
  }

  @Test
  void theTimeoutCoversTheReplay() throws Exception {
    sender.get(api.uri("/"));
    api.answerNext(invalidToken("old"), Answer.hang());
    timesOut(sender, HASTY.multipliedBy(5));
    assertThat(api.requests()).hasSize(3);
  }

  @Test
  void withoutATimeoutMaxWaitEndsTheWaitForAToken() {
    server.answerAlways(Answer.hang());
    try (Sender hasty = open(bound().maxWait(HASTY).build())) {
      assertThat(catchThrowable(() -> hasty.get(api.uri("/"))))
          .matches(hasty::isTimeout, "is a timeout");
    }
    assertThat(api.requests()).isEmpty();
  }

  // ---- cancelling

  @Test
  @Spec("LC-15")
  void cancellingEndsTheWaitForATokenAndNothingIsSent() throws Exception {
    server.answerNext(Answer.hang());
    Pending call = sender.begin(api.uri("/cancelled"));
    server.awaitHung(1, SOON);
    call.cancel();
    assertThatThrownBy(call::await).isNotNull();
    server.releaseHung();
    assertThat(sender.get(api.uri("/wanted")).status()).isEqualTo(200);
    assertThat(api.requests().stream().map(RecordedRequest::path)).containsExactly("/wanted");
    assertThat(server.tokenRequests()).as("others profit from the flight").hasSize(1);
  }

  @Test
  void cancellingWhileTheSuccessorIsAwaitedSendsNoReplay() throws Exception {
    sender.get(api.uri("/"));
    api.clearRequests();
    server.answerNext(Answer.hang());
    api.answerNext(invalidToken("old"));
    Pending call = sender.begin(api.uri("/cancelled"));
    server.awaitHung(1, SOON);
    call.cancel();
    assertThatThrownBy(call::await).isNotNull();
    server.releaseHung();
    assertThat(sender.get(api.uri("/wanted")).status()).isEqualTo(200);
    assertThat(api.requests().stream().map(RecordedRequest::path))
        .containsOnlyOnce("/cancelled")
        .contains("/wanted");
    assertThat(api.openConnections()).isLessThanOrEqualTo(2);
  }

  @Test
  void cancellingEndsTheExchange() throws Exception {
    sender.get(api.uri("/"));
    api.answerNext(Answer.hang());
    Pending call = sender.begin(api.uri("/"));
    api.awaitHung(1, SOON);
    call.cancel();
    assertThatThrownBy(call::await).isNotNull();
    api.awaitEndedConnections(1, SOON);
    assertThat(sender.get(api.uri("/")).status()).isEqualTo(200);
  }

  // ---- long runs

  @Test
  @Spec("LC-36")
  void healedRefusalsLeaveNoConnectionBehind() throws Exception {
    SettableClock clock = new SettableClock();
    try (Run run = new Run(clock)) {
      run.get();
      for (int i = 0; i < 100; i++) {
        clock.advance(Duration.ofSeconds(21));
        run.api.answerNext(invalidToken("no".repeat(2000)));
        run.get();
      }
      assertThat(run.api.openConnections()).isLessThanOrEqualTo(2);
      assertThat(run.api.totalConnections()).as("bodies are drained").isLessThanOrEqualTo(4);
    }
  }

  @Test
  void tenThousandCallsThroughExpiriesAndRevocationsDoNotFail() throws Exception {
    SettableClock clock = new SettableClock();
    try (Run run = new Run(clock)) {
      run.server.accessTokenLifetime(Duration.ofSeconds(10));
      for (int round = 0; round < ROUNDS; round++) {
        for (int call = 0; call < CALLS / ROUNDS; call++) {
          run.get();
        }
        run.settle();
        // Before a renewal begins, whose token would be one of them.
        if (round % 10 == 0) {
          run.server.revokeAllAccessTokens();
        }
        // Still fresh, inside the soft margin, or past the end.
        clock.advance(Duration.ofSeconds(List.of(3, 8, 11).get(round % 3)));
      }
      assertThat(run.server.accessTokensIssued()).isGreaterThan(ROUNDS / 2);
      assertThat(run.api.totalConnections()).isLessThanOrEqualTo(4);
    }
  }

  /** Everything by one clock that stands still. */
  private final class Run implements AutoCloseable {

    private final ScriptedAuthorizationServer server;
    private final ScriptedApi api;
    private final OAuthClient client;
    private final TokenSource source;
    private final Sender sender;

    Run(SettableClock clock) {
      server = ScriptedAuthorizationServer.builder().clock(clock).start();
      server.registerClient("id", "secret");
      api = ScriptedApi.protectedBy(server);
      client = builder(server).clocks(clock, clock::nanoTime).scheduler(clock.scheduler()).build();
      source = client.tokens(Grant.clientCredentials());
      sender = open(client.authorizer().bind(Grant.clientCredentials(), origin()).build());
    }

    private String origin() {
      return api.origin().toString();
    }

    void get() throws Exception {
      assertThat(sender.get(api.uri("/data"))).isEqualTo(new Reply(200, "{\"path\":\"/data\"}"));
    }

    /** The clock moves on only when no renewal is under way. */
    void settle() {
      while (source.state() != TokenState.FRESH) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() {
      sender.close();
      client.close();
      api.close();
      server.close();
    }
  }
}
