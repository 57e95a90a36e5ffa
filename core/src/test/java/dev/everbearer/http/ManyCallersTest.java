package dev.everbearer.http;

import static dev.everbearer.http.Scene.get;
import static dev.everbearer.http.Scene.http;
import static dev.everbearer.http.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fifty callers at once share what one of them causes. */
@Timeout(30)
@ExtendWith(ScriptedServers.class)
class ManyCallersTest {

  private static final int CALLERS = 50;
  private static final Duration SOON = Duration.ofSeconds(20);

  private static List<Future<HttpResponse<String>>> callAtOnce(
      ExecutorService threads, Way way, HttpClient http, ScriptedApi api) {
    List<Future<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      calls.add(
          threads.submit(() -> way.call(http, request(api).build(), BodyHandlers.ofString())));
    }
    return calls;
  }

  private static void requireSuccess(List<Future<HttpResponse<String>>> calls) throws Exception {
    for (Future<HttpResponse<String>> call : calls) {
      assertThat(call.get().statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Spec({"LC-30", "BR-07", "O1-01"})
  void fiftyWithTheSameOldTokenCauseOneRenewal(
      Way way, ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try (OAuthClient client = Scene.client(server).build()) {
      HttpClient http = http(client, api);
      get(http, api);
      api.clearRequests();
      api.answerAlways(Answer.hang());
      List<Future<HttpResponse<String>>> calls = callAtOnce(threads, way, http, api);
      api.awaitHung(CALLERS, SOON);
      server.revokeAllAccessTokens();
      api.answerHealthy();
      api.releaseHung();
      requireSuccess(calls);
      assertThat(server.tokenRequests()).hasSize(2);
      assertThat(api.requestCount()).isEqualTo(2 * CALLERS);
      assertThat(api.requests().stream().map(ManyCallersTest::token).distinct()).hasSize(2);
    } finally {
      threads.shutdownNow();
    }
  }

  private static String token(RecordedRequest request) {
    return request.header("Authorization").orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void fiftyWithoutATokenCauseOneTokenRequest(
      Way way, ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try (OAuthClient client = Scene.client(server).build()) {
      server.answerNext(Answer.healthy().held());
      List<Future<HttpResponse<String>>> calls = callAtOnce(threads, way, http(client, api), api);
      server.awaitHung(1, SOON);
      server.releaseHung();
      requireSuccess(calls);
      assertThat(server.tokenRequests()).hasSize(1);
      assertThat(api.requestCount()).isEqualTo(CALLERS);
    } finally {
      threads.shutdownNow();
    }
  }
}
