package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Twenty kinds of trouble at the token endpoint: none fails a call while the token in hand is good,
 * and none fails a call across its end when the trouble ends inside the caller's deadline.
 */
@ExtendWith(ScriptedServers.class)
class TokenEndpointFaultsTest {

  private static final Map<String, Answer> FAULTS = faults();

  private SettableClock clock;
  private ScriptedAuthorizationServer server;
  private ClockedClient clocked;
  private TokenSource source;

  private static Map<String, Answer> faults() {
    String token = "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":60}";
    Map<String, Answer> faults = new LinkedHashMap<>();
    faults.put("500", Answer.status(500));
    faults.put("502 with HTML", Answer.text(502, "text/html", "<html>Bad gateway</html>"));
    faults.put("503", Answer.status(503));
    faults.put("429", Answer.status(429));
    faults.put("503 with Retry-After", Answer.status(503).header("Retry-After", "3"));
    faults.put("429 with Retry-After", Answer.status(429).header("Retry-After", "3"));
    faults.put(
        "temporarily_unavailable", Answer.json(400, "{\"error\":\"temporarily_unavailable\"}"));
    faults.put("garbage", Answer.bytes(200, "application/json", new byte[] {1, 2, 3, -1}));
    faults.put("HTML with 200", Answer.text(200, "text/html", "<html>Welcome</html>"));
    faults.put("empty", Answer.text(200, "application/json", ""));
    faults.put("no token in the answer", Answer.json(200, "{\"token_type\":\"Bearer\"}"));
    faults.put("error with 200", Answer.json(200, "{\"error\":\"server_error\"}"));
    faults.put("reset in the body", Answer.resetInBody(token.substring(0, 20), token.length()));
    faults.put("closed connection", Answer.closeBeforeAnswer());
    faults.put("hang", Answer.hang());
    faults.put("drip", Answer.drip(token, Duration.ofSeconds(1)));
    faults.put("endless body", Answer.endlessBody());
    faults.put("redirect", Answer.redirect(307, URI.create("http://127.0.0.1:9/elsewhere")));
    faults.put("CR/LF in the token", Answer.json(200, token.replace("\"a\"", "\"a\\r\\nX: y\"")));
    faults.put("200,000 nested brackets", Answer.json(200, "{\"a\":" + "[".repeat(200_000)));
    faults.put("400 without a code", Answer.text(400, "text/plain", "no"));
    faults.put("a gateway's 401", Answer.text(401, "text/html", "<html>Who?</html>"));
    return faults;
  }

  static Stream<String> names() {
    return FAULTS.keySet().stream();
  }

  @BeforeEach
  void start(SettableClock settableClock, ScriptedAuthorizationServer scripted) {
    clock = settableClock;
    server = scripted;
    server.accessTokenLifetime(Duration.ofSeconds(60));
    clocked = new ClockedClient(clock, server);
    source = clocked.source();
  }

  @AfterEach
  void stop() {
    clocked.close();
  }

  private void given(String fault) {
    server.answerAlways(FAULTS.get(fault));
  }

  @ParameterizedTest
  @MethodSource("names")
  @Spec({"LC-12", "LC-24", "LC-25", "LC-28", "LC-29"})
  void noFaultFailsACallWhileTheTokenIsGood(String fault) {
    AccessToken token = clocked.firstToken(source);
    given(fault);
    List<CompletableFuture<AccessToken>> calls = new ArrayList<>();
    for (int step = 0; step < 599; step++) {
      clock.advance(Duration.ofMillis(100));
      calls.add(source.tokenAsync(Duration.ofSeconds(30)).toCompletableFuture());
      if (step == 450) {
        server.awaitRequests(2, Duration.ofSeconds(10)); // The renewal meets the fault.
      }
    }
    assertThat(allOf(calls)).succeedsWithin(Duration.ofSeconds(10));
    assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(token));
  }

  private static CompletableFuture<Void> allOf(List<CompletableFuture<AccessToken>> calls) {
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new));
  }

  @ParameterizedTest
  @MethodSource("names")
  @Spec({"LC-15", "LC-24", "LC-25", "LC-28", "LC-29"})
  void noFaultThatEndsInsideTheDeadlineFailsACallAcrossTheEndOfTheToken(String fault) {
    AccessToken token = clocked.firstToken(source);
    given(fault);
    clock.advance(Duration.ofSeconds(61));
    List<CompletableFuture<AccessToken>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(source.tokenAsync(Duration.ofMinutes(10)).toCompletableFuture());
    }
    Awaitility.await().until(() -> !clocked.eventsOf(RenewalListener.Failed.class).isEmpty());
    assertThat(calls).noneMatch(CompletableFuture::isDone);
    server.answerHealthy();
    AccessToken next = clocked.advanceUntilDone(calls.get(0), Duration.ofMillis(100));
    assertThat(next).isNotEqualTo(token);
    assertThat(allOf(calls)).succeedsWithin(Duration.ofSeconds(10));
    assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(next));
  }
}
