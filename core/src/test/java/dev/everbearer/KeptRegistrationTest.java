package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.KeptRegistration.Step;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is done with a kept registration: the whole table. */
class KeptRegistrationTest {

  private static final Instant OBTAINED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant END = OBTAINED.plus(Duration.ofHours(10));
  private static final ClientMetadata WANTED = ClientMetadata.empty().redirectUris("http://a/");

  private static Map<String, Object> document(String id, String secret) {
    Map<String, Object> document = new HashMap<>();
    document.put("client_id", id);
    document.put("client_secret", secret);
    document.put("client_secret_expires_at", END.getEpochSecond());
    document.put("redirect_uris", List.of("http://a/"));
    return document;
  }

  private static ClientRegistration registration(Map<String, Object> document) {
    return ClientRegistration.of("https://id.example", document).secretObtainedAt(OBTAINED);
  }

  private static ClientRegistration kept(boolean isManageable, boolean isCovering) {
    Map<String, Object> document = document("id", "secret");
    if (isManageable) {
      document.put("registration_access_token", "token");
      document.put("registration_client_uri", "https://id.example/clients/id");
    }
    if (!isCovering) {
      document.put("redirect_uris", List.of("http://other/"));
    }
    return registration(document);
  }

  private static Instant moment(String when) {
    return switch (when) {
      case "fresh" -> OBTAINED.plus(Duration.ofHours(8)).minusSeconds(1);
      case "ending" -> OBTAINED.plus(Duration.ofHours(8));
      case "last" -> END.minusSeconds(1);
      default -> END;
    };
  }

  @ParameterizedTest
  @CsvSource({
    // when, manageable, covering, refused -> step
    "fresh,  true,  true,  false, USE",
    "fresh,  false, true,  false, USE",
    "fresh,  true,  false, false, UPDATE",
    "fresh,  false, false, false, REGISTER",
    "ending, true,  true,  false, UPDATE",
    "ending, false, true,  false, USE",
    "last,   false, true,  false, USE",
    "over,   true,  true,  false, UPDATE",
    "over,   false, true,  false, REGISTER",
    "fresh,  true,  true,  true,  UPDATE",
    "fresh,  false, true,  true,  REGISTER",
    "over,   true,  true,  true,  UPDATE",
    "over,   false, false, true,  REGISTER",
  })
  @Spec({"DR-03", "DR-05", "MC-06"})
  void whatIsDoneFirst(
      String when, boolean isManageable, boolean isCovering, boolean isRefused, Step expected) {
    ClientRegistration kept = kept(isManageable, isCovering);
    KeptRegistration choice =
        new KeptRegistration(kept, WANTED, isRefused ? kept : null, moment(when));
    assertThat(choice.step()).isEqualTo(expected);
  }

  private static OAuthException failure(FailureKind kind, int status) {
    return Failure.builder(kind, "It failed.").status(status).build().toException();
  }

  @ParameterizedTest
  @CsvSource({
    // when, covering, refused, kind, status -> step
    "ending, true,  false, REFUSED,        401, REGISTER",
    "fresh,  true,  true,  REFUSED,        401, REGISTER",
    "ending, true,  false, SERVER_TROUBLE, 503, USE",
    "ending, true,  false, THROTTLED,      429, USE",
    "ending, true,  false, UNCLEAR,          0, USE",
    "ending, true,  false, REFUSED,        403, USE",
    "ending, true,  false, MALFORMED,      405, USE",
    "fresh,  false, false, SERVER_TROUBLE, 503, USE",
    "fresh,  false, false, REFUSED,        400, FAIL",
    "over,   true,  false, SERVER_TROUBLE, 503, FAIL",
    "over,   true,  false, REFUSED,        403, REGISTER",
    "fresh,  true,  true,  SERVER_TROUBLE, 503, FAIL",
    "fresh,  true,  true,  THROTTLED,      429, FAIL",
    "fresh,  true,  true,  MALFORMED,      405, REGISTER",
    "fresh,  true,  true,  MALFORMED,      200, FAIL",
  })
  @Spec({"DR-05", "DR-06"})
  void whatIsDoneAfterAnUpdateThatFailed(
      String when,
      boolean isCovering,
      boolean isRefused,
      FailureKind kind,
      int status,
      Step expected) {
    ClientRegistration kept = kept(true, isCovering);
    KeptRegistration choice =
        new KeptRegistration(kept, WANTED, isRefused ? kept : null, moment(when));
    assertThat(choice.after(failure(kind, status))).isEqualTo(expected);
  }

  @Test
  @Spec("DR-05")
  void whatSomebodyElseKeptIsUsedThoughItHasTheSameClientId() {
    ClientRegistration refused = registration(document("id", "old"));
    assertThat(step(registration(document("id", "new")), refused)).isEqualTo(Step.USE);
    assertThat(step(registration(document("other", "old")), refused)).isEqualTo(Step.USE);
    Map<String, Object> longer = document("id", "old");
    longer.put("client_secret_expires_at", END.getEpochSecond() + 60);
    assertThat(step(registration(longer), refused)).as("its secret lasts").isEqualTo(Step.USE);
    Map<String, Object> other = document("id", "old");
    other.put("token_endpoint_auth_method", "client_secret_post");
    assertThat(step(registration(other), refused)).as("another method").isEqualTo(Step.USE);
    Map<String, Object> managed = document("id", "old");
    managed.put("client_id_issued_at", 1);
    managed.put("updated_at", 2);
    managed.put("token_endpoint_auth_method", "client_secret_basic");
    assertThat(step(registration(managed), refused)).as("the same").isEqualTo(Step.REGISTER);
  }

  private static Step step(ClientRegistration kept, @Nullable ClientRegistration refused) {
    return new KeptRegistration(kept, WANTED, refused, OBTAINED).step();
  }

  @Test
  @Spec("DR-05")
  void anUpdateThatBringsTheRefusedSecretAgainIsOfNoUse() {
    ClientRegistration refused = kept(true, true);
    KeptRegistration choice = new KeptRegistration(refused, WANTED, refused, END);
    assertThat(choice.after(refused)).isEqualTo(Step.REGISTER);
    assertThat(choice.after(registration(document("id", "new")))).isEqualTo(Step.USE);
    assertThat(new KeptRegistration(refused, WANTED, null, END).after(refused)).isEqualTo(Step.USE);
  }

  private static Step afterUpdate(Instant now, String member, Object value) {
    ClientRegistration refused = kept(true, true);
    Map<String, Object> answer = document("id", "secret");
    answer.put(member, value);
    return new KeptRegistration(refused, WANTED, refused, now).after(registration(answer));
  }

  @ParameterizedTest
  @CsvSource({
    "client_id,                  other",
    "client_secret,              new",
    "token_endpoint_auth_method, client_secret_post",
    "jwks_uri,                   https://app.example/jwks",
    "tls_client_auth_san_dns,    app.example",
  })
  @Spec("DR-05")
  void anUpdateThatBringsAnotherProofIsUsed(String member, String value) {
    assertThat(afterUpdate(OBTAINED, member, value)).isEqualTo(Step.USE);
  }

  @ParameterizedTest
  @CsvSource({
    "client_name,                Reports 2",
    "updated_at,                 later",
    "registration_access_token,  new",
    "token_endpoint_auth_method, client_secret_basic",
  })
  @Spec("DR-05")
  void anUpdateThatBringsTheRefusedSecretWithOtherMetadataIsOfNoUse(String member, String value) {
    assertThat(afterUpdate(OBTAINED, member, value)).isEqualTo(Step.REGISTER);
  }

  @Test
  @Spec("DR-05")
  void aLongerLifeHelpsASecretThatHadEndedAlone() {
    String end = "client_secret_expires_at";
    long later = END.getEpochSecond() + 60;
    assertThat(afterUpdate(END, end, later)).isEqualTo(Step.USE);
    assertThat(afterUpdate(END.minusSeconds(1), end, later)).isEqualTo(Step.REGISTER);
  }

  @Test
  @Spec("DR-05")
  void whatOtherApisNeedIsAskedForBesideWhatIsWantedHere() {
    Map<String, Object> document = document("id", "secret");
    document.put("redirect_uris", List.of("http://other/", "http://a/"));
    document.put("grant_types", List.of("urn:ietf:params:oauth:grant-type:device_code"));
    ClientMetadata all =
        new KeptRegistration(registration(document), WANTED, null, OBTAINED).wantedByAll();
    assertThat(all.texts("redirect_uris")).containsExactly("http://a/", "http://other/");
    assertThat(all.texts("grant_types"))
        .as("who names none wants authorization codes")
        .containsExactly("authorization_code", "urn:ietf:params:oauth:grant-type:device_code");
    assertThat(new KeptRegistration(kept(true, true), WANTED, null, OBTAINED).wantedByAll())
        .as("nothing else is registered")
        .isEqualTo(WANTED);
  }

  @Test
  @Spec("DR-05")
  void whoNamesNoGrantTypesIsNotCoveredByARegistrationWithoutCodes() {
    Map<String, Object> document = document("id", "secret");
    document.put("grant_types", List.of("urn:ietf:params:oauth:grant-type:device_code"));
    document.put("registration_access_token", "token");
    document.put("registration_client_uri", "https://id.example/clients/id");
    assertThat(step(registration(document), null)).isEqualTo(Step.UPDATE);
    document.put("grant_types", List.of("authorization_code"));
    assertThat(step(registration(document), null)).isEqualTo(Step.USE);
  }

  @Test
  @Spec("DR-03")
  void theMarginIsAFifthOfTheSecretsLifeAndADayAtMost() {
    assertThat(lasts(Duration.ofHours(1), Duration.ofMinutes(48).minusSeconds(1))).isTrue();
    assertThat(lasts(Duration.ofHours(1), Duration.ofMinutes(48))).isFalse();
    assertThat(lasts(Duration.ofDays(90), Duration.ofDays(89).minusSeconds(1))).isTrue();
    assertThat(lasts(Duration.ofDays(90), Duration.ofDays(89))).isFalse();
    ClientRegistration undated =
        ClientRegistration.of("https://id.example", document("id", "secret"));
    assertThat(KeptRegistration.hasLastingSecret(undated, END.minus(Duration.ofDays(1)))).isFalse();
    assertThat(
            KeptRegistration.hasLastingSecret(
                undated, END.minus(Duration.ofDays(1)).minusSeconds(1)))
        .isTrue();
  }

  private static boolean lasts(Duration life, Duration after) {
    Map<String, Object> document = document("id", "secret");
    document.put("client_secret_expires_at", OBTAINED.plus(life).getEpochSecond());
    return KeptRegistration.hasLastingSecret(registration(document), OBTAINED.plus(after));
  }

  @ParameterizedTest
  @CsvSource({
    // proven, made before its end (minutes), now after its making (minutes) -> replaceable
    "true,  600,  0, true",
    "false, 600,  0, false",
    "false, 600, 59, false",
    "false, 600, 60, true",
    "false,  10,  9, false",
    "false,  10, 10, true",
    "false,  -1,  5, false",
  })
  @Spec("MC-06")
  void whatNeverWorkedIsReplacedAfterItsEndOrAnHour(
      boolean isProven, int minutesToEnd, int minutes, boolean expected) {
    assertThat(
            Generation.isReplaceable(
                isProven,
                OBTAINED,
                OBTAINED.plus(Duration.ofMinutes(minutesToEnd)),
                OBTAINED.plus(Duration.ofMinutes(minutes))))
        .isEqualTo(expected);
  }
}
