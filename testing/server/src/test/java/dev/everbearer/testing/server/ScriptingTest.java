package dev.everbearer.testing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ScriptingTest {

  @RegisterExtension final ScriptedServers servers = new ScriptedServers();

  private final Http http = new Http();

  private HttpResponse<String> ask() throws IOException {
    return http.post(
        servers.authorizationServer().tokenEndpoint(),
        "grant_type=client_credentials&client_id=c&client_secret=s");
  }

  private List<Integer> statuses(int count) throws IOException {
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      statuses.add(ask().statusCode());
    }
    return statuses;
  }

  @Test
  void usesQueuedAnswersThenTheLastingOneThenHealth() throws IOException {
    ScriptedAuthorizationServer server = servers.authorizationServer();
    server.registerClient("c", "s");
    server.answerAlways(Answer.status(500));
    server.answerNext(Answer.status(503), Answer.healthy(), Answer.status(429));

    assertThat(statuses(5)).containsExactly(503, 200, 429, 500, 500);
    server.answerNext(Answer.status(418));
    server.answerHealthy();
    assertThat(statuses(2)).containsExactly(200, 200);
  }

  @Test
  void datesAnswersByItsClockUnlessTheScriptDoes() throws IOException {
    servers.clock();
    ScriptedAuthorizationServer server = servers.authorizationServer();
    server.answerNext(Answer.status(503), Answer.status(503).header("Date", "yesterday"));

    assertThat(ask().headers().allValues("Date")).containsExactly("Thu, 01 Jan 2026 00:00:00 GMT");
    assertThat(ask().headers().allValues("Date")).containsExactly("yesterday");
  }

  @Test
  void scriptsAnyPathAlone() throws IOException {
    ScriptedAuthorizationServer server = servers.authorizationServer();
    server.registerClient("c", "s");
    String path = "/.well-known/oauth-authorization-server";
    server
        .script(path)
        .answerNext(Answer.text(200, "text/html", "<p>"))
        .answerAlways(Answer.json(200, "[]"));

    assertThat(http.get(server.uri(path)).body()).isEqualTo("<p>");
    assertThat(http.get(server.uri(path + "?x")).body()).isEqualTo("[]");
    assertThat(ask().statusCode()).isEqualTo(200);
    server.script(path).answerHealthy();
    assertThat(http.get(server.uri(path)).body()).contains("issuer");
  }

  @Test
  void addsHeadersToHealthyAnswers() throws IOException {
    servers.authorizationServer().registerClient("c", "s");
    servers.authorizationServer().answerNext(Answer.healthy().header("X", "1").header("X", "2"));

    HttpResponse<String> response = ask();

    assertThat(response.headers().allValues("X")).containsExactly("1", "2");
    assertThat(response.body()).contains("access_token");
  }

  @Test
  void computesAnswersFromRequests() throws IOException {
    servers.authorizationServer().registerClient("c", "s");
    servers
        .authorizationServer()
        .answerAlways(
            Answer.computedFrom(
                request ->
                    request.form().containsKey("client_id")
                        ? Answer.healthy().header("X", "seen")
                        : Answer.status(500)));

    HttpResponse<String> response = ask();

    assertThat(response.body()).contains("access_token");
    assertThat(response.headers().firstValue("X")).contains("seen");
  }

  @Test
  void answersABrokenFunctionWithAnError() throws IOException {
    servers
        .authorizationServer()
        .answerNext(
            Answer.computedFrom(
                request -> {
                  throw new IllegalStateException("broken");
                }));

    assertThat(ask().statusCode()).isEqualTo(500);
  }

  @Test
  void sendsOnlyFixedAnswersInsteadOfOthers() {
    assertThatThrownBy(() -> Answer.status(200).sentAs(Answer.healthy()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Answer.status(101)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void goesByTheClockThatIsAskedForFirst() {
    assertThat(servers.clock()).isSameAs(servers.clock());
    assertThat(servers.api().clock()).isSameAs(servers.clock());
  }

  @Test
  void refusesAClockThatComesTooLate() {
    servers.api();
    assertThatThrownBy(servers::clock).isInstanceOf(IllegalStateException.class);
  }
}
