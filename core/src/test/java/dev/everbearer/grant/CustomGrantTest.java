package dev.everbearer.grant;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.onlyRequest;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.TokenSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grant types of one's own (RFC 6749 section 4.5). */
@ExtendWith(ScriptedServers.class)
class CustomGrantTest {

  private static final String TYPE = "urn:example:grant-type:badge";

  private static final UnaryOperator<Map<String, Object>> NESTED = CustomGrantTest::nested;

  private static Map<String, Object> nested(Map<String, Object> answer) {
    if (answer.get("data") instanceof Map<?, ?> data) {
      Map<String, Object> tokens = new HashMap<>();
      data.forEach((name, value) -> tokens.put((String) name, value));
      tokens.put("token_type", "Bearer");
      return tokens;
    }
    return Map.of("error", "no_data", "error_description", "code " + answer.get("code"));
  }

  @Test
  @Spec("PQ-16")
  void itIsSentAsAFormWithFreeParameters(ScriptedAuthorizationServer server) {
    server.answerNext(granted(""));
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(
          Grant.custom(TYPE)
              .scope("read")
              .parameter("client_key", "k")
              .parameter("code", "c")
              .parameter("badge", AssertionSource.of("b")));
    }
    assertThat(onlyRequest(server).method()).isEqualTo("POST");
    assertThat(onlyRequest(server).bodyText())
        .isEqualTo(
            "grant_type=urn%3Aexample%3Agrant-type%3Abadge&badge=b&scope=read"
                + "&client_key=k&code=c");
  }

  @Test
  @Spec("PQ-16")
  void aNestedAnswerIsReadByTheGrantsOwnMapper(ScriptedAuthorizationServer server) {
    server.answerNext(
        Answer.json(200, "{\"data\":{\"access_token\":\"nested\",\"expires_in\":60}}"));
    try (OAuthClient client = clientOf(server).build()) {
      assertThat(client.fetch(Grant.custom(TYPE).answerMapper(NESTED)).accessToken().value())
          .isEqualTo("nested");
    }
  }

  @Test
  @Spec("PQ-16")
  void aMapperCanFindAnErrorInASuccess(ScriptedAuthorizationServer server) {
    server.answerNext(Answer.json(200, "{\"code\":40029}"));
    Grant grant = Grant.custom(TYPE).answerMapper(NESTED);
    try (OAuthClient client = clientOf(server).build()) {
      OAuthErrorException refusal = refusal(OAuthErrorException.class, () -> client.fetch(grant));
      assertRefusal(refusal, FailureKind.REFUSED, 200, "no_data", "code 40029");
    }
  }

  @Test
  @Spec("PQ-16")
  void aMapperThatFailsIsNamedWithoutItsWords(ScriptedAuthorizationServer server) {
    server.answerNext(granted(""));
    Grant grant =
        Grant.custom(TYPE)
            .answerMapper(
                answer -> {
                  throw new IllegalStateException(CANARY);
                });
    try (OAuthClient client = clientOf(server).build()) {
      assertRefusal(
          refusal(MalformedAnswerException.class, () -> client.fetch(grant)),
          FailureKind.MALFORMED,
          200,
          "the grant's answer mapper failed with java.lang.IllegalStateException");
    }
  }

  @Test
  @Spec("PQ-16")
  void aMapperIsForItsGrantAlone(ScriptedAuthorizationServer server) {
    server.answerNext(Answer.json(200, "{\"data\":{\"access_token\":\"nested\"}}"));
    try (OAuthClient client = clientOf(server).build()) {
      assertRefusal(
          refusal(MalformedAnswerException.class, () -> client.fetch(Grant.custom(TYPE))),
          FailureKind.MALFORMED,
          200,
          "it has no access_token");
    }
  }

  @Test
  void aRefusedValueIsNotSentAgain(ScriptedAuthorizationServer server) {
    server.answerAlways(Answer.json(400, "{\"error\":\"invalid_grant\"}"));
    try (OAuthClient client = clientOf(server).build()) {
      TokenSource source =
          client.tokens(Grant.custom(TYPE).parameter("badge", AssertionSource.of("b")));
      refusal(OAuthErrorException.class, source::token);
      refusal(OAuthErrorException.class, source::token);
    }
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @ParameterizedTest
  @Spec("BP-01")
  @ValueSource(strings = {"password", "implicit", "Password", "IMPLICIT"})
  void passwordAndImplicitAreRefusedByName(String type) {
    assertThatThrownBy(() -> Grant.custom(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(type, "RFC 9700", "Grant.authorizationCode()");
  }

  @ParameterizedTest
  @Spec("BP-01")
  @CsvSource({
    "client_credentials,clientCredentials()",
    "refresh_token,refreshToken(...)",
    "authorization_code,authorizationCode()",
    "urn:ietf:params:oauth:grant-type:device_code,device()",
    "urn:openid:params:grant-type:ciba,ciba(...)",
    "urn:ietf:params:oauth:grant-type:jwt-bearer,jwtBearer(...)",
    "urn:ietf:params:oauth:grant-type:saml2-bearer,samlBearer(...)",
    "urn:ietf:params:oauth:grant-type:token-exchange,tokenExchange(...)"
  })
  void whatIsBuiltInIsRefusedByName(String type, String method) {
    assertThatThrownBy(() -> Grant.custom(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use Grant." + method);
  }

  @ParameterizedTest
  @Spec("BP-01")
  @ValueSource(
      strings = {"password", "client_id", "client_secret", "grant_type", "scope", "request"})
  void itCannotSetWhatTheLibrarySets(String name) {
    CustomGrant grant = Grant.custom(TYPE);
    assertThatThrownBy(() -> grant.parameter(name, "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> grant.parameter(name, AssertionSource.of("x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aParameterIsSetOnce() {
    CustomGrant read = Grant.custom(TYPE).parameter("a", AssertionSource.of("x"));
    CustomGrant fixed = Grant.custom(TYPE).parameter("a", "x");
    AssertionSource other = AssertionSource.of("y");
    for (CustomGrant grant : List.of(read, fixed)) {
      assertThatThrownBy(() -> grant.parameter("a", "y"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> grant.parameter("a", other))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\n", "ü"})
  void aGrantTypeIsANameOrAUri(String type) {
    assertThatThrownBy(() -> Grant.custom(type)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void equalGrantsSendTheSameAndReadTheSame() {
    CustomGrant grant = Grant.custom(TYPE).answerMapper(NESTED);
    assertThat(grant)
        .isEqualTo(Grant.custom(TYPE).answerMapper(NESTED))
        .hasSameHashCodeAs(Grant.custom(TYPE).answerMapper(NESTED))
        .isNotEqualTo(Grant.custom(TYPE))
        .isNotEqualTo(Grant.custom("other").answerMapper(NESTED))
        .isNotEqualTo(grant.parameter("a", "b"))
        .isNotEqualTo(grant.parameter("a", AssertionSource.of("b")));
    assertThat(grant.parameter("a", AssertionSource.of(CANARY)).subject())
        .contains("a of fixed ")
        .doesNotContain(CANARY);
  }
}
