package dev.everbearer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class GetCommandTest {

  private static final byte[] BYTES = {0, 27, '[', '2', 'J', (byte) 0xff, '\r', '\n', 7};

  @Test
  void printsTheBodyOfAnAuthorizedGet(ScriptedAuthorizationServer server, ScriptedApi api) {
    Run run = get(server, api.uri("/user?name=x"));

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("{\"path\":\"/user\"}");
    assertThat(api.requests()).hasSize(1);
    assertThat(api.requests().get(0).target()).isEqualTo("/user?name=x");
  }

  @Test
  void printsTheBodyByteForByte(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerNext(Answer.bytes(200, "application/octet-stream", BYTES));

    assertThat(get(server, api.uri("/")).outBytes()).isEqualTo(BYTES);
  }

  @Test
  @Spec("SE-16")
  void aBodyCannotSteerTheTerminal(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerNext(
        Answer.bytes(
            200,
            "text/plain",
            "\u001b[2Jgrün\u202e\ttext\u0007\n€".getBytes(StandardCharsets.UTF_8)));

    Run run = Run.onTerminal(Run.asClientOf(server, "get", api.uri("/").toString()));

    assertThat(run.out()).isEqualTo("[2Jgrün\ttext\n€");
  }

  @Test
  void aRevokedTokenIsHealedUnseen(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerNext(Answer.status(401).header("WWW-Authenticate", "Bearer error=\"invalid_token\""));

    Run run = get(server, api.uri("/user"));

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("{\"path\":\"/user\"}");
    assertThat(server.tokenRequests()).hasSize(2);
  }

  // ---- answers that are not the wanted ones

  @Test
  void a401IsExplainedAndItsBodyPrinted(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerAlways(
        Answer.text(401, "text/plain", "go away")
            .header(
                "WWW-Authenticate",
                "Bearer realm=\"users\", error=\"invalid_token\", error_description=\"no\""));

    Run run = get(server, api.uri("/user"));

    assertThat(run.status()).isEqualTo(22);
    assertThat(run.out()).isEqualTo("go away");
    assertThat(run.err())
        .contains(api.origin() + " answered 401")
        .contains("nor the new one obtained after that")
        .contains(
            "It says: Bearer realm=\"users\", error=\"invalid_token\", error_description=\"no\"")
        .contains("invalid_token: it holds the token to be expired, revoked or not meant for it")
        .contains("--audience", server.tokenEndpoint().toString());
  }

  @Test
  void a401WithoutAReasonIsExplained(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerAlways(Answer.status(401));

    Run run = get(server, api.uri("/user"));

    assertThat(run.status()).isEqualTo(22);
    assertThat(run.err())
        .contains("It gives no reason", "a gateway may have removed")
        .doesNotContain("nor the new one");
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  void a401ThatWantsAnotherSchemeIsExplained(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerAlways(Answer.status(401).header("WWW-Authenticate", "Basic realm=\"admin\""));

    assertThat(get(server, api.uri("/")).err())
        .contains("It says: Basic realm=\"admin\"", "It wants Basic authentication");
  }

  @Test
  void aMissingScopeIsNamed(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerAlways(
        Answer.status(403)
            .header("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"write\""));

    Run run = get(server, api.uri("/"), "--scope", "read");

    assertThat(run.status()).isEqualTo(22);
    assertThat(run.err())
        .contains("does not allow this call", "Ask for it with --scope \"write\"")
        .contains("asked for was \"read\"");
  }

  @Test
  @Spec("SE-16")
  void aChallengeCannotSteerTheTerminal(ScriptedAuthorizationServer server, ScriptedApi api) {
    byte[] head =
        ("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nWWW-Authenticate: Bearer"
                + " error=\"invalid_token\", error_description=\"a\u009b2Jb\u00adc\", scope=\"x\"\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    api.answerAlways(Answer.raw(head));

    Run run = get(server, api.uri("/"));

    assertThat(run.err()).contains("invalid_token");
    assertThat(run.err().codePoints())
        .noneMatch(
            c ->
                c != '\n'
                    && (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT));
  }

  @Test
  void otherErrorsAre22WithTheirBody(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerNext(Answer.text(404, "text/plain", "none"), Answer.text(503, "text/plain", "down"));

    Run missing = get(server, api.uri("/user"));
    Run down = get(server, api.uri("/user"));

    assertThat(missing.status()).isEqualTo(22);
    assertThat(missing.out()).isEqualTo("none");
    assertThat(missing.err()).hasLineCount(1).contains("404: there is nothing at /user");
    assertThat(down.status()).isEqualTo(22);
    assertThat(down.out()).isEqualTo("down");
    assertThat(down.err()).contains("503: it is in trouble");
  }

  @Test
  void a404OfTheOriginAloneIsOfItsRoot(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerNext(Answer.status(404));

    Run run = get(server, api.origin());

    assertThat(run.err()).contains("404: there is nothing at /.");
  }

  @Test
  void aRedirectIsNotFollowed(ScriptedAuthorizationServer server, ScriptedApi api) {
    try (ScriptedApi foreign = ScriptedApi.open()) {
      api.answerNext(Answer.redirect(302, foreign.uri("/")));

      Run run = get(server, api.uri("/user"));

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("302", foreign.uri("/").toString(), "not followed");
      assertThat(foreign.requests()).isEmpty();
    }
  }

  // ---- places that a token must not go to, and places that cannot be reached

  @Test
  void urlsThatATokenMustNotGoToAreRefusedBeforeAnythingIsSent(ScriptedAuthorizationServer server) {
    for (String url :
        List.of(
            "http://api.example.com/user",
            "http://localhost.example.com/",
            "api.example.com",
            "/user",
            "file:///etc/passwd",
            "https://user:password@api.example.com/",
            "https://api.example.com/#part",
            "https://api.example.com/a b",
            "https://bücher.example/")) {
      Run run = Run.of(Run.asClientOf(server, "get", url));

      assertThat(run.status()).as(url).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("URL").doesNotContain("Exception", "password@");
    }
    assertMisuse(Run.of(Run.asClientOf(server, "get")), "URL");
    assertMisuse(
        Run.of(Run.asClientOf(server, "get", "https://a.example", "https://b.example")),
        "more arguments");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void anUnreachableApiIsTold(ScriptedAuthorizationServer server) {
    Run run = get(server, URI.create("http://127.0.0.1:1/user"));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("The API could not be reached: connection refused");
  }

  @Test
  void anApiThatHangsIsGivenUpInTime(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerAlways(Answer.hang());

    Run run = get(server, api.uri("/user"), "--timeout", "1500ms");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("did not answer in time", "--timeout");
  }

  @Test
  void aBodyThatBreaksOffIsAFailure(ScriptedAuthorizationServer server, ScriptedApi api) {
    api.answerAlways(Answer.resetInBody("half", 100));

    Run run = get(server, api.uri("/user"));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("broke the connection before its answer was whole");
  }

  @Test
  void withoutATokenNothingIsSentToTheApi(ScriptedAuthorizationServer server, ScriptedApi api) {
    server.answerAlways(Answer.json(400, "{\"error\":\"unauthorized_client\"}"));

    Run run = get(server, api.uri("/user"));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).hasLineCount(1).contains("unauthorized_client");
    assertThat(api.requests()).isEmpty();
  }

  private static Run get(ScriptedAuthorizationServer server, URI url, String... more) {
    String[] first = {"get", url.toString()};
    String[] all = Stream.of(first, more).flatMap(Arrays::stream).toArray(String[]::new);
    return Run.of(Run.asClientOf(server, all));
  }

  private static void assertMisuse(Run run, String words) {
    assertThat(run.err()).contains(words);
    assertThat(run.status()).isEqualTo(2);
  }
}
