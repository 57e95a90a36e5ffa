package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.failure;
import static dev.everbearer.Exchanges.refusal;
import static dev.everbearer.Exchanges.refuse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.ServerUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an error answer means (RFC 6749 section 5.2). */
@ExtendWith(ScriptedServers.class)
class TokenErrorTest {

  private record Meaning(FailureKind kind, String words) {}

  private static final Map<String, Meaning> CODES =
      Map.of(
          "invalid_request", new Meaning(FailureKind.REFUSED, "misses something in the request"),
          "invalid_client",
              new Meaning(FailureKind.INVALID_CLIENT, "Check the client id and secret"),
          "invalid_grant",
              new Meaning(FailureKind.INVALID_GRANT, "A new login, or a new refresh token"),
          "unauthorized_client",
              new Meaning(FailureKind.REFUSED, "not registered for this grant type"),
          "unsupported_grant_type",
              new Meaning(FailureKind.REFUSED, "does not offer this grant type"),
          "invalid_scope", new Meaning(FailureKind.REFUSED, "a scope is unknown to it"),
          "invalid_target",
              new Meaning(FailureKind.REFUSED, "a resource or audience is unknown to it"),
          "temporarily_unavailable", new Meaning(FailureKind.SERVER_TROUBLE, "passes by itself"),
          "server_error", new Meaning(FailureKind.SERVER_TROUBLE, "passes by itself"),
          "weird", new Meaning(FailureKind.REFUSED, "will as long as nothing changes"));

  static List<Arguments> codesWithStatus() {
    List<Arguments> all = new ArrayList<>();
    for (String code : CODES.keySet()) {
      for (int status : new int[] {400, 401, 403}) {
        all.add(Arguments.of(code, status));
      }
    }
    return all;
  }

  @ParameterizedTest
  @Spec("ERR-01")
  @MethodSource("codesWithStatus")
  void anErrorIsTypedAndKeepsWhatTheServerSaid(
      String code, int status, ScriptedAuthorizationServer server) {
    Answer answer =
        Answer.json(
            status,
            ("{\"error\":\"%s\",\"error_description\":\"The words\","
                    + "\"error_uri\":\"https://e.example/%s\"}")
                .formatted(code, code));
    OAuthErrorException refusal = refuse(server, answer, OAuthErrorException.class);

    boolean isOfSecret = code.equals("unauthorized_client") && status == 401;
    Meaning meaning = Objects.requireNonNull(CODES.get(isOfSecret ? "invalid_client" : code));
    assertRefusal(
        refusal,
        meaning.kind(),
        status,
        "answered %d %s (\"The words\"): ".formatted(status, code),
        meaning.words());
    assertThat(refusal.error()).isEqualTo(code);
    assertThat(failure(refusal).error()).contains(code);
    assertThat(failure(refusal).errorDescription()).contains("The words");
    assertThat(failure(refusal).errorUri()).contains("https://e.example/" + code);
  }

  @ParameterizedTest
  @Spec("ERR-01")
  @ValueSource(strings = {"weird", "invalid_client", "invalid_scope", "unsupported_grant_type"})
  void a4xxErrorIsNotRetried(String code, ScriptedAuthorizationServer server) {
    server.answerAlways(Answer.json(400, "{\"error\":\"" + code + "\"}"));
    try (OAuthClient client = clientOf(server).build()) {
      OAuthErrorException refusal =
          refusal(
              OAuthErrorException.class,
              () -> client.tokens(Grant.clientCredentials()).token(Duration.ofSeconds(20)));
      assertThat(refusal.error()).isEqualTo(code);
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  @Test
  @Spec("ERR-01")
  void aSuccessIsNoError(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      assertThat(client.fetch(Grant.clientCredentials()).accessToken().value()).isNotEmpty();
    }
  }

  // ---- untrusted texts

  @Test
  @Spec("ERR-02")
  void aDescriptionLosesItsControlCharacters(ScriptedAuthorizationServer server) {
    Answer answer =
        Answer.json(
            400,
            "{\"error\":\"inv\\u0000alid_\\r\\nscope\",\"error_uri\":\"http://a/\\u001b[0m\","
                + "\"error_description\":\"red \\u001b[31m\\r\\n\\u202e\\u2028<b>end\"}");
    OAuthErrorException refusal = refuse(server, answer, OAuthErrorException.class);
    assertThat(refusal.error()).isEqualTo("invalid_scope");
    assertThat(failure(refusal).errorDescription()).contains("red [31m<b>end");
    assertThat(failure(refusal).errorUri()).contains("http://a/[0m");
    assertThat(failure(refusal).message().chars().noneMatch(Character::isISOControl)).isTrue();
  }

  @Test
  @Spec("ERR-02")
  void aLongDescriptionIsCut(ScriptedAuthorizationServer server) {
    Answer answer = describing("x".repeat(200 * 1024) + CANARY);
    OAuthErrorException refusal = refuse(server, answer, OAuthErrorException.class);
    assertThat(failure(refusal).errorDescription()).contains("x".repeat(300) + "…");
    assertThat(refusal.getMessage()).hasSizeLessThan(800);
  }

  @Test
  @Spec("ERR-02")
  void aDescriptionOfAMebibyteIsNotReadAtAll(ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(server, describing("x".repeat(1 << 20)), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        400,
        "answered 400 with too much: the body is over 262144 bytes");
  }

  private static Answer describing(String description) {
    return Answer.json(
        400, "{\"error\":\"invalid_scope\",\"error_description\":\"" + description + "\"}");
  }

  @Test
  @Spec("ERR-02")
  void theErrorUriIsNeverFetched(ScriptedAuthorizationServer server) {
    try (ScriptedApi trap = ScriptedApi.open()) {
      Answer answer =
          Answer.json(
              400, "{\"error\":\"invalid_scope\",\"error_uri\":\"" + trap.uri("/help") + "\"}");
      refuse(server, answer, OAuthErrorException.class);
      assertThat(trap.totalConnections()).isZero();
    }
  }

  // ---- no probing

  @Test
  @Spec("ERR-03")
  void aRefusedMethodIsNotReplacedByAnother(ScriptedAuthorizationServer server) {
    server.registerClient(ID, SECRET);
    List<ClientAuthentication> methods =
        List.of(
            ClientAuthentication.clientSecretBasic(ID, SECRET),
            ClientAuthentication.clientSecretPost(ID, SECRET),
            ClientAuthentication.clientSecret(ID, () -> SECRET));
    for (ClientAuthentication method : methods) {
      server.clearRequests();
      server.answerNext(
          Answer.json(401, "{\"error\":\"invalid_client\"}")
              .header("WWW-Authenticate", "Basic realm=\"as\""));
      try (OAuthClient client =
          OAuthClient.builder()
              .tokenEndpoint(server.tokenEndpoint().toString())
              .authentication(method)
              .build()) {
        OAuthErrorException refusal =
            refusal(
                OAuthErrorException.class,
                () -> client.tokens(Grant.clientCredentials()).token(Duration.ofSeconds(20)));
        assertRefusal(refusal, FailureKind.INVALID_CLIENT, 401, "is registered for client_secret_");
        assertThat(server.tokenRequests()).hasSize(1);
      }
    }
  }

  @Test
  @Spec("ERR-03")
  void onlyASecretThatHasChangedIsTriedOnceMore(ScriptedAuthorizationServer server) {
    server.registerClient(ID, SECRET);
    List<String> secrets = new ArrayList<>(List.of("old", SECRET));
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .authentication(
                ClientAuthentication.clientSecretBasic(
                    ID, () -> secrets.size() > 1 ? secrets.remove(0) : secrets.get(0)))
            .build()) {
      assertThat(client.fetch(Grant.clientCredentials()).accessToken().value()).isNotEmpty();
      assertThat(server.tokenRequests())
          .hasSize(2)
          .allSatisfy(request -> assertThat(request.form()).doesNotContainKey("client_secret"));
    }
  }

  // ---- answers without an OAuth error

  @ParameterizedTest
  @Spec("ERR-04")
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | ''             | application/json |  with an empty body without an OAuth error",
        "400 | <h1>cAnArY     | text/html        |  with 10 bytes of text/html without an OAuth error",
        "404 | <h1>cAnArY     | text/html        |  with 10 bytes of text/html without an OAuth error",
        "405 | cAnArY         | ''               |  with 6 bytes of no media type",
        "400 | [\"cAnArY\"]   | application/json |  with 10 bytes of application/json without",
        "400 | {\"cAnArY\":1} | application/json |  with 12 bytes of application/json without",
        "418 | {\"error\":    | application/json |  with 9 bytes of application/json without"
      })
  void a4xxThatIsNoOAuthErrorIsMalformed(
      int status, String body, String type, String why, ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(server, error(status, type, body), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        status,
        "answered " + status + " " + why,
        "This is not the answer of a token endpoint. Check the URL.");
  }

  private static Answer error(int status, String type, String body) {
    return type.isEmpty()
        ? Answer.raw(
            "HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s".formatted(status, body.length(), body))
        : Answer.text(status, type, body);
  }

  @ParameterizedTest
  @Spec("ERR-04")
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | SERVER_TROUBLE | such as a gateway, seems to refuse the call",
        "403 | SERVER_TROUBLE | such as a gateway, seems to refuse the call",
        "408 | SERVER_TROUBLE | passes by itself",
        "500 | SERVER_TROUBLE | passes by itself",
        "502 | SERVER_TROUBLE | passes by itself",
        "503 | SERVER_TROUBLE | passes by itself",
        "429 | THROTTLED      | passes by itself"
      })
  void troubleOnTheWayIsTypedAndShowsNothingOfItsPage(
      int status, FailureKind kind, String why, ScriptedAuthorizationServer server) {
    OAuthException refusal =
        refuse(
            server,
            Answer.text(status, "text/html", "<h1>cAnArY</h1>"),
            ServerUnavailableException.class);
    assertRefusal(refusal, kind, status, "answered " + status, why);
    assertThat(refusal).hasMessageNotContaining("<h1>");
  }
}
