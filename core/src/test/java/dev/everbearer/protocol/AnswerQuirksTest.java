package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.failure;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.read;
import static dev.everbearer.Exchanges.refusal;
import static dev.everbearer.Exchanges.refuse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.Warnings;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.InsufficientScopeException;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.TokenSet;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deviations of real servers: tolerated by default, or by a switch of the profile alone. */
@ExtendWith(ScriptedServers.class)
class AnswerQuirksTest {

  private static final ProviderProfile STRICT = ProviderProfile.strict();
  private static final String BODY =
      "{\"access_token\":\"" + CANARY + "\",\"token_type\":\"Bearer\"}";

  // ---- errors in a 200 answer

  @Test
  @Spec("PQ-01")
  void anErrorIn200IsAnError(ScriptedAuthorizationServer server) {
    Answer answer =
        Answer.json(
            200, "{\"error\":\"bad_verification_code\",\"error_description\":\"Incorrect.\"}");
    OAuthErrorException refusal = refuse(server, answer, OAuthErrorException.class);
    assertThat(refusal.error()).isEqualTo("bad_verification_code");
    assertRefusal(
        refusal, FailureKind.REFUSED, 200, "bad_verification_code (\"Incorrect.\")", "refuses");
  }

  @Test
  @Spec("PQ-01")
  void anErrorBesideATokenIsNone(ScriptedAuthorizationServer server) {
    assertThat(read(server, granted("\"error\":\"\"")).accessToken().value())
        .isEqualTo("good-token");
  }

  @Test
  @Spec("PQ-01")
  void errorsOfAnotherShapeWantAMapper(ScriptedAuthorizationServer server) {
    Answer answer = Answer.json(200, "{\"ok\":false,\"why\":\"invalid_code\"}");
    assertRefusal(
        refuse(server, answer, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "it has no access_token",
        "ProviderProfile");

    ProviderProfile mapped =
        ProviderProfile.builder()
            .answerMapper(
                body ->
                    Boolean.FALSE.equals(body.get("ok"))
                        ? Map.of("error", String.valueOf(body.get("why")))
                        : body)
            .build();
    assertThat(refuse(server, answer, mapped, OAuthErrorException.class).error())
        .isEqualTo("invalid_code");
  }

  @Test
  @Spec("PQ-01")
  void aMapperThatFailsMakesTheAnswerMalformed(ScriptedAuthorizationServer server) {
    ProviderProfile throwing =
        ProviderProfile.builder()
            .answerMapper(
                body -> {
                  throw new IllegalArgumentException(body.toString());
                })
            .build();
    assertRefusal(
        refuse(server, Answer.json(200, BODY), throwing, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "the profile's answer mapper failed with java.lang.IllegalArgumentException");
  }

  // ---- form-encoded answers

  @Test
  @Spec("PQ-02")
  void aFormIsReadWhenTheMediaTypeSaysSo(ScriptedAuthorizationServer server) {
    Answer form =
        Answer.text(
            200,
            "application/x-www-form-urlencoded; charset=utf-8",
            "access_token=a%2Bb&token_type=bearer&scope=x+y&expires_in=60");
    TokenSet tokens = read(server, form);
    assertThat(tokens.accessToken().value()).isEqualTo("a+b");
    assertThat(tokens.scope()).contains(Scope.of("x y"));
    assertThat(tokens.expiresIn()).contains(Duration.ofSeconds(60));

    assertRefusal(
        refuse(server, form, STRICT, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "a token endpoint answers application/json");
  }

  @Test
  @Spec("PQ-02")
  void anErrorInAFormIsAnError(ScriptedAuthorizationServer server) {
    Answer form =
        Answer.text(
            200, "application/x-www-form-urlencoded", "error=bad_code&error_description=No+such");
    assertRefusal(
        refuse(server, form, OAuthErrorException.class),
        FailureKind.REFUSED,
        200,
        "bad_code (\"No such\")");
  }

  @Test
  @Spec("PQ-02")
  void aFormOfAnotherMediaTypeWantsASwitch(ScriptedAuthorizationServer server) {
    Answer form = Answer.text(200, "text/plain", "access_token=cAnArY&token_type=bearer");
    assertRefusal(
        refuse(server, form, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "it is not well-formed JSON");

    ProviderProfile switched = ProviderProfile.builder().formMediaType("Text/Plain").build();
    assertThat(read(server, form, switched).accessToken().value()).isEqualTo("cAnArY");
  }

  @ParameterizedTest
  @Spec("PQ-02")
  @ValueSource(
      strings = {"access_token=cAnArY&access_token=b&token_type=bearer", "cAnArY", "a=%zz", ""})
  void aBrokenFormIsRefused(String body, ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(
            server,
            Answer.text(200, "application/x-www-form-urlencoded", body),
            MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "its form encoding is broken",
        "Check the URL");
  }

  // ---- media types and byte order mark

  @ParameterizedTest
  @Spec("PQ-03")
  @ValueSource(
      strings = {
        "text/plain;charset=utf-8",
        "text/javascript",
        "application/javascript",
        "application/vnd.example+json"
      })
  void jsonUnderAnotherLabelIsRead(String mediaType, ScriptedAuthorizationServer server) {
    Answer answer = Answer.text(200, mediaType, BODY);
    assertThat(read(server, answer).accessToken().value()).isEqualTo(CANARY);
    assertRefusal(
        refuse(server, answer, STRICT, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "a token endpoint answers application/json");
  }

  @Test
  @Spec("PQ-03")
  void aByteOrderMarkIsSkipped(ScriptedAuthorizationServer server) {
    assertThat(read(server, Answer.json(200, "\uFEFF" + BODY)).accessToken().value())
        .isEqualTo(CANARY);
    assertRefusal(
        refuse(server, Answer.json(200, "\uFEFF\uFEFF" + BODY), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "it is not well-formed JSON");
  }

  @Test
  @Spec("PQ-03")
  void htmlIsNeverReadAsJson(ScriptedAuthorizationServer server) {
    for (ProviderProfile profile : new ProviderProfile[] {ProviderProfile.standard(), STRICT}) {
      assertRefusal(
          refuse(
              server, Answer.text(200, "text/html", BODY), profile, MalformedAnswerException.class),
          FailureKind.MALFORMED,
          200,
          "bytes of text/html");
    }
  }

  // ---- token types

  @ParameterizedTest
  @Spec("PQ-04")
  @ValueSource(strings = {"bot", "BearerToken", "user"})
  void anOddTokenTypeWantsAnAlias(String type, ScriptedAuthorizationServer server) {
    Answer answer =
        Answer.json(200, "{\"access_token\":\"cAnArY\",\"token_type\":\"" + type + "\"}");
    assertRefusal(
        refuse(server, answer, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "its token_type is not Bearer");

    ProviderProfile switched = ProviderProfile.builder().tokenTypeIsBearer(type).build();
    assertThat(read(server, answer, switched).accessToken().authorization())
        .isEqualTo("Bearer cAnArY");
  }

  // ---- life; what each value means is in ExpiryTest

  @Test
  @Spec("PQ-05")
  void aLifeInAStringIsReadWithAWarning(ScriptedAuthorizationServer server) {
    Answer answer = granted("\"expires_in\":\"3600\"");
    try (Warnings warnings = Warnings.ofAnswers()) {
      assertThat(read(server, answer).expiresIn()).contains(Duration.ofHours(1));
      assertThat(warnings.holding(server.tokenEndpoint() + " are odd: expires_in is a string"))
          .hasSize(1);
    }
    assertRefusal(
        refuse(server, answer, STRICT, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "expires_in is a string, which a strict profile does not tolerate");
  }

  @Test
  @Spec("PQ-06")
  void aMissingOrNegativeLifeIsAnUnknownOne(ScriptedAuthorizationServer server) {
    assertThat(read(server, granted("")).expiresIn()).isEmpty();
    assertThat(read(server, granted("\"expires_in\":null")).expiresIn()).isEmpty();
    assertThat(read(server, granted("\"expires_in\":-1")).expiresIn()).isEmpty();
    assertThat(read(server, granted(""), STRICT).expiresIn()).isEmpty();
    assertRefusal(
        refuse(server, granted("\"expires_in\":-1"), STRICT, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "expires_in is negative");
  }

  @ParameterizedTest
  @Spec("PQ-07")
  @CsvSource({
    "expires_at, 1767225660,       60",
    "expires_at, 1767225660.9,     60",
    "expires_on, '\"1767225660\"', 60",
    "expires_at, 1e999999999,      31536000"
  })
  void anAbsoluteExpiryWantsASwitch(
      String member,
      String value,
      long life,
      ScriptedAuthorizationServer server,
      SettableClock clock) {
    // The clock starts at 2026-01-01T00:00:00Z, which is 1767225600.
    Answer answer = granted("\"" + member + "\":" + value);
    assertThat(readAt(clock, server, answer, ProviderProfile.standard()).expiresIn()).isEmpty();

    ProviderProfile switched = ProviderProfile.builder().absoluteExpiry(member).build();
    TokenSet tokens = readAt(clock, server, answer, switched);
    assertThat(tokens.expiresIn()).contains(Duration.ofSeconds(life));
    assertThat(tokens.accessToken().expiresAt()).contains(SettableClock.START.plusSeconds(life));
  }

  @Test
  @Spec("PQ-07")
  void anAbsoluteExpiryIsNeverReadAsLaterThanItIs(
      ScriptedAuthorizationServer server, SettableClock clock) {
    clock.advance(Duration.ofMillis(900));
    ProviderProfile switched = ProviderProfile.builder().absoluteExpiry("expires_at").build();
    TokenSet tokens = readAt(clock, server, granted("\"expires_at\":1767225610"), switched);
    assertThat(tokens.expiresIn()).contains(Duration.ofSeconds(9));
  }

  @ParameterizedTest
  @Spec("PQ-07")
  @CsvSource({
    "1767225600,     its token is over already",
    "1,              its token is over already",
    "-1e999999999,   its token is over already"
  })
  void anAbsoluteExpiryThatIsPastIsRefused(
      String value, String why, ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerNext(granted("\"expires_at\":" + value));
    ProviderProfile switched = ProviderProfile.builder().absoluteExpiry("expires_at").build();
    try (OAuthClient client =
        clientOf(server).profile(switched).clocks(clock, clock::nanoTime).build()) {
      assertRefusal(
          refusal(MalformedAnswerException.class, () -> client.fetch(Grant.clientCredentials())),
          FailureKind.MALFORMED,
          200,
          why);
    }
  }

  @Test
  @Spec("PQ-07")
  void aMapperReadsTimesOfAnyOtherShape(ScriptedAuthorizationServer server) {
    Answer answer = granted("\"issued_at\":\"1767225600000\"");
    TokenSet plain = read(server, answer);
    assertThat(plain.expiresIn()).isEmpty();
    assertThat(plain.extras()).containsEntry("issued_at", "1767225600000");

    ProviderProfile mapped =
        ProviderProfile.builder()
            .answerMapper(
                body -> {
                  Map<String, Object> more = new HashMap<>(body);
                  more.put("expires_in", 7200);
                  return more;
                })
            .build();
    assertThat(read(server, answer, mapped).expiresIn()).contains(Duration.ofHours(2));
  }

  private static TokenSet readAt(
      SettableClock clock,
      ScriptedAuthorizationServer server,
      Answer answer,
      ProviderProfile profile) {
    server.answerNext(answer);
    try (OAuthClient client =
        clientOf(server).profile(profile).clocks(clock, clock::nanoTime).build()) {
      return client.fetch(Grant.clientCredentials());
    }
  }

  // ---- scopes

  @Test
  @Spec("PQ-08")
  void scopesInAnArrayAreRead(ScriptedAuthorizationServer server) {
    Answer answer = granted("\"scope\":[\"a\",\"b\"]");
    assertThat(read(server, answer).scope()).contains(Scope.of("a", "b"));
    assertRefusal(
        refuse(server, answer, STRICT, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "scope is not a string");
    assertThat(read(server, granted("\"scope\":[\"a\",{\"b\":1}]")).scope())
        .contains(Scope.of("a"));
  }

  @Test
  @Spec("PQ-08")
  void scopesJoinedByCommasAreSplitByASwitchAlone(ScriptedAuthorizationServer server) {
    Answer answer = granted("\"scope\":\"a, b,c\"");
    assertThat(read(server, answer).scope().orElseThrow().tokens()).containsExactly("a,", "b,c");

    ProviderProfile switched = ProviderProfile.builder().scopeSeparator(',').build();
    assertThat(read(server, answer, switched).scope().orElseThrow().tokens())
        .containsExactly("a", "b", "c");
  }

  @Test
  @Spec("PQ-09")
  void aRenamedScopeInformsAndFailsOnlyWhereTheOldNameIsRequired(
      ScriptedAuthorizationServer server) {
    Answer answer = granted("\"scope\":\"https://www.example.com/auth/userinfo.email\"");
    server.answerNext(answer, answer);
    try (OAuthClient client = clientOf(server).build()) {
      assertThat(client.fetch(Grant.clientCredentials().scope("email", "openid")).scope())
          .contains(Scope.of("https://www.example.com/auth/userinfo.email"));

      InsufficientScopeException refusal =
          refusal(
              InsufficientScopeException.class,
              () -> client.fetch(Grant.clientCredentials().scope("email").requiredScope("email")));
      assertRefusal(
          refusal, FailureKind.REFUSED, 200, "the grant requires [email]", "or require less");
    }
  }

  // ---- errors that are no strings

  @ParameterizedTest
  @Spec("PQ-17")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"error\":{\"code\":190,\"message\":\"Session over\"}}   | Session over",
        "{\"error\":[{\"code\":190,\"message\":\"Session over\"}]} | Session over",
        "{\"error\":[],\"error_description\":\"Described\"}        | Described"
      })
  void anErrorThatIsNoStringIsUnknownAndItsMessageIsKept(
      String body, String message, ScriptedAuthorizationServer server) {
    OAuthErrorException refusal = refuse(server, Answer.json(400, body), OAuthErrorException.class);
    assertThat(refusal.error()).isEqualTo("unknown");
    assertThat(failure(refusal).errorDescription()).contains(message);
    assertRefusal(refusal, FailureKind.REFUSED, 400, "unknown (\"" + message + "\")", "refuses");
  }

  @Test
  @Spec({"PQ-17", "ERR-04"})
  void anErrorThatIsNoStringIsMalformedInStrictMode(ScriptedAuthorizationServer server) {
    Answer answer = Answer.json(400, "{\"error\":{\"code\":190,\"message\":\"cAnArY\"}}");
    assertRefusal(
        refuse(server, answer, STRICT, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        400,
        "bytes of application/json without an OAuth error",
        "Check the URL");
  }

  // ---- the alphabet of tokens

  @Test
  @Spec("PQ-27")
  void charactersOutsideToken68WantASwitch(ScriptedAuthorizationServer server) {
    Answer answer =
        Answer.json(200, "{\"access_token\":\"cAnArY!|#*:\",\"token_type\":\"Bearer\"}");
    assertRefusal(
        refuse(server, answer, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "RFC 6750 section 2.1 does not allow",
        "a provider profile can allow them");

    ProviderProfile switched = ProviderProfile.builder().anyTokenCharacter().build();
    assertThat(read(server, answer, switched).accessToken().value()).isEqualTo("cAnArY!|#*:");
    assertRefusal(
        refuse(
            server,
            Answer.json(200, "{\"access_token\":\"cAnArY\\n\",\"token_type\":\"Bearer\"}"),
            switched,
            MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "must not stand in a header");
  }

  // ---- JSON that is none

  @ParameterizedTest
  @Spec("PQ-28")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"access_token\":\"cAnArY\",\"access_token\":\"b\",\"token_type\":\"Bearer\"} | a member twice",
        "{\"access_token\":\"cAnArY\",\"token_type\":\"Bearer\"}x       | not well-formed",
        "{\"access_token\":\"cAnArY\",\"token_type\":\"Bearer\"}{}      | something follows",
        "{\"access_token\":\"cAnArY\",\"token_type\":\"Bearer\",\"expires_in\":NaN} | not well-formed"
      })
  void brokenJsonIsRefusedAndNoSwitchHelps(
      String body, String why, ScriptedAuthorizationServer server) {
    ProviderProfile lenient =
        ProviderProfile.builder().anyTokenCharacter().tokenTypeIsBearer("x").build();
    for (ProviderProfile profile : new ProviderProfile[] {ProviderProfile.standard(), lenient}) {
      assertRefusal(
          refuse(server, Answer.json(200, body), profile, MalformedAnswerException.class),
          FailureKind.MALFORMED,
          200,
          why,
          "Check the URL");
    }
  }

  @Test
  @Spec("PQ-28")
  void wellFormedJsonWithSpaceAroundItIsRead(ScriptedAuthorizationServer server) {
    TokenSet tokens = read(server, Answer.json(200, " \r\n" + BODY + "\t\n"));
    assertThat(tokens.accessToken().value()).isEqualTo(CANARY);
    assertThat(read(server, granted("\"n\":1.50")).extras())
        .containsEntry("n", new BigDecimal("1.50"));
  }
}
