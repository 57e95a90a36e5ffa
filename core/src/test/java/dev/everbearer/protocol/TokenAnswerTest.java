package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.read;
import static dev.everbearer.Exchanges.refuse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.Warnings;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.TokenSet;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a successful answer must look like, and what it means (RFC 6749 section 5.1). */
@ExtendWith(ScriptedServers.class)
class TokenAnswerTest {

  private static final String ADVICE = "Check the URL; if it is right";

  // ---- access_token

  @Test
  @Spec("RSP-01")
  void theAccessTokenIsReadAsItIs(ScriptedAuthorizationServer server) {
    String everyCharacter = "AZaz09-._~+/==";
    TokenSet tokens =
        read(
            server,
            Answer.json(
                200, "{\"access_token\":\"" + everyCharacter + "\",\"token_type\":\"Bearer\"}"));
    assertThat(tokens.accessToken().value()).isEqualTo(everyCharacter);
    assertThat(tokens.accessToken().authorization()).isEqualTo("Bearer " + everyCharacter);
  }

  @ParameterizedTest
  @Spec("RSP-01")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"token_type\":\"Bearer\"}                                     | it has no access_token",
        "{\"access_token\":null,\"token_type\":\"Bearer\"}               | it has no access_token",
        "{\"access_token\":\"\",\"token_type\":\"Bearer\"}               | it has no access_token",
        "{\"access_token\":\"  \",\"token_type\":\"Bearer\"}             | it has no access_token",
        "{\"access_token\":17,\"token_type\":\"Bearer\"}                 | it has no access_token",
        "{\"access_token\":[\"cAnArY\"],\"token_type\":\"Bearer\"}       | it has no access_token",
        "{\"access_token\":\"cAnArY\\r"
            + "\\n"
            + "X: y\",\"token_type\":\"Bearer\"} | must not stand in a header",
        "{\"access_token\":\"cAnArY\\u0000\",\"token_type\":\"Bearer\"}  | must not stand in a"
            + " header",
        "{\"access_token\":\"cAnArY\\u00e9\",\"token_type\":\"Bearer\"}  | must not stand in a"
            + " header",
        "{\"access_token\":\"cAnArY\\u007f\",\"token_type\":\"Bearer\"}  | must not stand in a"
            + " header"
      })
  void anUnusableAccessTokenIsRefused(String json, String why, ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(server, Answer.json(200, json), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        why,
        ADVICE);
  }

  // ---- token_type

  @ParameterizedTest
  @Spec("RSP-02")
  @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEARER"})
  void theTokenTypeIsComparedWithoutCase(String type, ScriptedAuthorizationServer server) {
    assertThat(read(server, typed("\"" + type + "\"")).accessToken().type()).isEqualTo("Bearer");
  }

  @ParameterizedTest
  @Spec("RSP-02")
  @ValueSource(
      strings = {"\"mac\"", "\"DPoP\"", "\"N_A\"", "\"\"", "\"Bearer \"", "7", "[\"Bearer\"]"})
  void aTokenOfAnUnknownTypeIsNotUsed(String type, ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(server, typed(type), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "its token_type is not Bearer",
        ADVICE);
  }

  private static Answer typed(String type) {
    return Answer.json(200, "{\"access_token\":\"" + CANARY + "\",\"token_type\":" + type + "}");
  }

  @Test
  @Spec({"RSP-02", "PQ-04"})
  void aMissingTokenTypeIsReadAsBearerWithOneWarning(ScriptedAuthorizationServer server) {
    try (Warnings warnings = Warnings.ofAnswers()) {
      Answer untyped = Answer.json(200, "{\"access_token\":\"" + CANARY + "\"}");
      assertThat(read(server, untyped).accessToken().type()).isEqualTo("Bearer");
      read(server, untyped);

      String endpoint = server.tokenEndpoint().toString();
      assertThat(warnings.holding(endpoint))
          .containsExactly(
              "The answers of " + endpoint + " are odd: token_type is missing; read as Bearer.");
    }
  }

  @Test
  @Spec({"RSP-02", "PQ-04"})
  void aMissingTokenTypeFailsInStrictMode(ScriptedAuthorizationServer server) {
    Answer untyped = Answer.json(200, "{\"access_token\":\"" + CANARY + "\"}");
    assertRefusal(
        refuse(server, untyped, ProviderProfile.strict(), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "token_type is missing, which a strict profile does not tolerate",
        ADVICE);
  }

  // ---- other members

  @Test
  @Spec({"RSP-03", "PQ-23"})
  void unknownMembersAreIgnoredAndKeptAsRawData(ScriptedAuthorizationServer server) {
    TokenSet tokens =
        read(
            server,
            granted(
                "\"not-before-policy\":0,\"session_state\":\"s\",\"refresh_expires_in\":0,"
                    + "\"nested\":{\"a\":[1,true,\"x\"]},\"nothing\":null"));

    assertThat(tokens.accessToken().value()).isEqualTo("good-token");
    assertThat(tokens.extras())
        .isEqualTo(
            Map.of(
                "not-before-policy",
                BigDecimal.ZERO,
                "session_state",
                "s",
                "refresh_expires_in",
                BigDecimal.ZERO,
                "nested",
                Map.of("a", List.of(BigDecimal.ONE, true, "x"))));
    assertThat(tokens)
        .hasToString("TokenSet[Bearer token ***, of unknown life, with 4 other members]");
  }

  @ParameterizedTest
  @Spec("RSP-03")
  @ValueSource(strings = {"\"refresh_token\":{\"v\":\"cAnArY\"}", "\"id_token\":12"})
  void aKnownMemberOfTheWrongTypeIsNotIgnored(String member, ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(server, granted(member), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "_token is not a string",
        ADVICE);
  }

  @ParameterizedTest
  @Spec("RSP-06")
  @ValueSource(
      strings = {
        "",
        "\"refresh_token\":null,\"scope\":null,\"id_token\":null",
        "\"refresh_token\":\"\",\"scope\":\"\",\"id_token\":\"\""
      })
  void nullAndEmptyCountAsAbsent(String members, ScriptedAuthorizationServer server) {
    server.answerNext(granted(members));
    try (OAuthClient client = clientOf(server).build()) {
      TokenSet tokens = client.fetch(Grant.clientCredentials().scope("a", "b"));
      assertThat(tokens.refreshToken()).isEmpty();
      assertThat(tokens.idToken()).isEmpty();
      assertThat(tokens.scope()).contains(Scope.of("a b"));
    }
  }

  @Test
  @Spec("RSP-06")
  void membersWithAValueAreThere(ScriptedAuthorizationServer server) {
    TokenSet tokens =
        read(server, granted("\"refresh_token\":\"r\",\"scope\":\"s\",\"id_token\":\"i\""));
    assertThat(tokens.refreshToken().orElseThrow().reveal()).isEqualTo("r");
    assertThat(tokens.idToken().orElseThrow().reveal()).isEqualTo("i");
    assertThat(tokens.scope()).contains(Scope.of("s"));
  }

  // ---- status and media type

  @ParameterizedTest
  @Spec("RSP-04")
  @ValueSource(
      strings = {"application/json", "application/json;charset=UTF-8", "Application/JSON ; x=y"})
  void jsonWithParametersIsRead(String mediaType, ScriptedAuthorizationServer server) {
    Answer answer =
        Answer.text(200, mediaType, "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}");
    assertThat(read(server, answer, ProviderProfile.strict()).accessToken().value()).isEqualTo("t");
  }

  @ParameterizedTest
  @Spec("RSP-04")
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | [\"cAnArY\"]                     | it is not a JSON object",
        "application/json | \"cAnArY\"                       | it is not a JSON object",
        "application/json | ''                               | with an empty body",
        "text/html        | {\"access_token\":\"cAnArY\",\"token_type\":\"Bearer\"} | bytes of"
            + " text/html",
        "text/html        | <h1>cAnArY</h1>                  | a token endpoint answers"
            + " application/json",
        "image/png        | cAnArY                           | a token endpoint answers"
            + " application/json"
      })
  void a200ThatIsNoJsonObjectIsRefused(
      String mediaType, String body, String why, ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(server, Answer.text(200, mediaType, body), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        why,
        ADVICE);
  }

  @ParameterizedTest
  @Spec("RSP-04")
  @ValueSource(ints = {201, 202, 204, 206})
  void onlyStatus200IsASuccess(int status, ScriptedAuthorizationServer server) {
    Answer answer =
        status == 204
            ? Answer.status(status)
            : Answer.json(status, "{\"access_token\":\"cAnArY\",\"token_type\":\"Bearer\"}");
    assertRefusal(
        refuse(server, answer, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        status,
        "Check the URL");
  }

  // ---- scope and life

  @ParameterizedTest
  @Spec("RSP-05")
  @CsvSource({"'', a b", "'\"scope\":\"a\"', a", "'\"scope\":\"c d\"', c d"})
  void anAbsentScopeMeansAsRequestedAndAPresentOneThisOne(
      String members, String granted, ScriptedAuthorizationServer server) {
    server.answerNext(granted(members));
    try (OAuthClient client = clientOf(server).build()) {
      TokenSet tokens = client.fetch(Grant.clientCredentials().scope("a", "b"));
      assertThat(tokens.scope()).contains(Scope.of(granted));
      assertThat(tokens.expiresIn()).isEmpty();
    }
  }

  @Test
  @Spec("RSP-05")
  void whatOfAScopeCannotBeReadWasNotGranted(ScriptedAuthorizationServer server) {
    server.answerNext(granted("\"scope\":\"a \u00e9\""), granted("\"scope\":7"));
    try (OAuthClient client = clientOf(server).build()) {
      Grant grant = Grant.clientCredentials().scope("a", "b");
      assertThat(client.fetch(grant).scope()).contains(Scope.of("a"));
      assertThat(client.fetch(grant).scope()).contains(Scope.none());
    }
    assertRefusal(
        refuse(
            server,
            granted("\"scope\":\"\u00e9\""),
            ProviderProfile.strict(),
            MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "scope has characters that RFC 6749 section 3.3 forbids",
        ADVICE);
  }

  // ---- size

  @Test
  @Spec({"RSP-07", "PQ-27"})
  void aTokenOf48KibibytesSurvivesFetchStoreAndHeader(ScriptedAuthorizationServer server)
      throws Exception {
    String large = "x".repeat(48 * 1024);
    Answer answer =
        Answer.json(
            200,
            "{\"access_token\":\"" + large + "\",\"token_type\":\"Bearer\",\"expires_in\":60}");
    assertThat(read(server, answer).accessToken().value()).isEqualTo(large);

    server.answerNext(answer);
    try (ScriptedApi api = ScriptedApi.open();
        OAuthClient client = clientOf(server).build()) {
      HttpClient http = client.httpClientFor(api.origin().toString(), Grant.clientCredentials());
      http.send(HttpRequest.newBuilder(api.uri("/")).build(), BodyHandlers.discarding());
      assertThat(api.requests().get(0).header("Authorization")).contains("Bearer " + large);
    }
  }
}
