package dev.everbearer;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.ServerUnavailableException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registering clients (RFC 7591) and managing what was registered (RFC 7592). */
@ExtendWith(ScriptedServers.class)
class RegistrationTest {

  private static final ClientMetadata SERVICE =
      ClientMetadata.empty().grantTypes("client_credentials").authMethod("client_secret_basic");

  private SettableClock clock;
  private ScriptedAuthorizationServer server;
  private Registrar registrar;

  @BeforeEach
  void start(SettableClock settable, ScriptedAuthorizationServer scripted) {
    clock = settable;
    server = scripted;
    registrar = registrar(ProviderProfile.standard());
  }

  private Registrar registrar(ProviderProfile profile) {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .profile(profile)
        .clocks(clock, clock::nanoTime)
        .registrar();
  }

  @AfterEach
  void stop() {
    registrar.close();
  }

  private RecordedRequest last() {
    return server.requests().get(server.requests().size() - 1);
  }

  private static Map<String, Object> json(String text) {
    try {
      return JSONObjectUtils.parse(text);
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  private void answerRegistration(Answer answer) {
    server.script(server.endpoint("registration_endpoint").getPath()).answerAlways(answer);
  }

  private void answerDocument(String members) {
    answerRegistration(Answer.json(201, "{\"client_id\":\"new\"" + members + "}"));
  }

  private MalformedAnswerException refuses(ClientMetadata asked) {
    return refusal(MalformedAnswerException.class, () -> registrar.register(asked));
  }

  @Test
  @Spec({"SE-10", "LC-52"})
  void anAnswerWithoutEndIsAbortedAndARedirectIsNotFollowed() {
    answerRegistration(Answer.endlessBody());
    assertThat(refuses(SERVICE)).hasMessageContaining("the body is over 524288 bytes");
    server.awaitEndedConnections(1, Duration.ofSeconds(20));
    try (ScriptedApi trap = ScriptedApi.open()) {
      for (int status : new int[] {301, 302, 303, 307, 308}) {
        answerRegistration(Answer.redirect(status, trap.uri("/register")));
        assertThat(refuses(SERVICE)).hasMessageContaining("answered " + status);
      }
      assertThat(trap.totalConnections()).isZero();
    }
  }

  // ---- registering

  @Test
  @Spec("DR-01")
  void theMetadataIsPostedAsJsonAndTheClientWorks() {
    ClientRegistration registration =
        registrar.register(SERVICE.clientName("A \"service\"").scope("a", "b"));

    RecordedRequest request = last();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.headers("Content-Type")).containsExactly("application/json");
    assertThat(request.headers("Authorization")).isEmpty();
    assertThat(json(request.bodyText()))
        .isEqualTo(
            Map.of(
                "grant_types",
                List.of("client_credentials"),
                "token_endpoint_auth_method",
                "client_secret_basic",
                "client_name",
                "A \"service\"",
                "scope",
                "a b"));
    assertThat(registration.issuer()).contains(server.issuer().toString());
    assertThat(registration.issuedAt()).contains(clock.instant());
    assertThat(registration.secretExpiresAt()).isEmpty();
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(registration.authentication())
            .build()) {
      assertThat(client.fetch(Grant.clientCredentials()).accessToken()).isNotNull();
    }
  }

  @Test
  @Spec("DR-01")
  void theInitialAccessTokenIsSentAsABearerToken() {
    server.registration().initialAccessToken(CANARY);
    assertRefusal(
        refusal(OAuthErrorException.class, () -> registrar.register(SERVICE)),
        FailureKind.REFUSED,
        401,
        "registration endpoint",
        "it does not take the token");
    registrar.register(SERVICE, Secret.of(CANARY));
    assertThat(last().headers("Authorization")).containsExactly("Bearer " + CANARY);
  }

  @ParameterizedTest
  @Spec("DR-01")
  @ValueSource(
      strings = {
        "invalid_redirect_uri",
        "invalid_client_metadata",
        "invalid_software_statement",
        "unapproved_software_statement"
      })
  void anErrorIsToldByItsCode(String code) {
    answerRegistration(
        Answer.json(400, "{\"error\":\"" + code + "\",\"error_description\":\"why\"}"));
    OAuthErrorException refused =
        refusal(OAuthErrorException.class, () -> registrar.register(SERVICE));
    assertThat(refused.error()).isEqualTo(code);
    assertRefusal(refused, FailureKind.REFUSED, 400, code + " (\"why\")");
    assertThat(refused.getMessage()).doesNotContain("refuses the request");
    assertThat(server.requestsTo("registration_endpoint")).hasSize(1);
  }

  @Test
  @Spec("DR-01")
  void theServersOwnRefusalsAreTold() {
    assertThat(
            refusal(
                    OAuthErrorException.class,
                    () -> registrar.register(ClientMetadata.nativeApp("relative")))
                .error())
        .isEqualTo("invalid_redirect_uri");
    assertThat(
            refusal(
                    OAuthErrorException.class,
                    () -> registrar.register(SERVICE.softwareStatement("no JWT")))
                .error())
        .isEqualTo("invalid_software_statement");
  }

  @Test
  @Spec({"DR-01", "PQ-21"})
  void status200IsSuccessUnlessStrict() {
    answerRegistration(Answer.json(200, "{\"client_id\":\"new\"}"));
    ClientMetadata asked = ClientMetadata.empty().authMethod("none");
    assertThat(registrar.register(asked).clientId()).isEqualTo("new");
    try (Registrar strict = registrar(ProviderProfile.strict())) {
      refusal(MalformedAnswerException.class, () -> strict.register(asked));
    }
  }

  @ParameterizedTest
  @Spec({"DR-01", "PQ-21"})
  @ValueSource(ints = {204, 302, 500})
  void noOtherStatusIsSuccessAndNothingIsRepeated(int status) {
    answerRegistration(Answer.status(status).header("Location", "/x"));
    refusal(type(status), () -> registrar.register(SERVICE));
    assertThat(server.requestsTo("registration_endpoint")).hasSize(1);
  }

  private static Class<? extends OAuthException> type(int status) {
    return status == 500 ? ServerUnavailableException.class : MalformedAnswerException.class;
  }

  @Test
  void aServerWithoutTheEndpointIsNamed() {
    server.withoutMetadata("registration_endpoint");
    assertRefusal(
        refusal(ServerUnavailableException.class, () -> registrar.register(SERVICE)),
        FailureKind.REFUSED,
        0,
        "has no registration endpoint");
  }

  @Test
  void whatTheServerSaysAloneIsNotAskedFor() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientMetadata.empty().with("client_secret", CANARY))
        .withMessageNotContaining(CANARY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientMetadata.empty().jwks("[" + CANARY));
  }

  @Test
  @Spec("DR-07")
  void aNativeAppHasNoSecretAndNamesItsRedirects() {
    ClientRegistration registration =
        registrar.register(ClientMetadata.nativeApp("http://127.0.0.1/callback"));
    assertThat(json(last().bodyText()))
        .isEqualTo(
            Map.of(
                "application_type",
                "native",
                "redirect_uris",
                List.of("http://127.0.0.1/callback"),
                "grant_types",
                List.of("authorization_code", "refresh_token"),
                "response_types",
                List.of("code"),
                "token_endpoint_auth_method",
                "none"));
    assertThat(registration.clientSecret()).isEmpty();
    assertThat(registration.authentication().isConfidential()).isFalse();
  }

  // ---- what the server registers counts

  @Test
  @Spec("DR-02")
  void whatTheServerRegisteredCounts() {
    server.registration().alterMetadata(alter("token_endpoint_auth_method", "client_secret_post"));
    ClientRegistration registration = registrar.register(SERVICE);
    assertThat(registration.metadata().authMethod()).contains("client_secret_post");
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(registration.authentication())
            .build()) {
      client.fetch(Grant.clientCredentials());
      assertThat(last().form()).containsKey("client_secret");
    }
  }

  private static UnaryOperator<Map<String, Object>> alter(String name, Object value) {
    return metadata -> {
      metadata.put(name, value);
      return metadata;
    };
  }

  @Test
  @Spec("DR-02")
  void aMethodThatTheClientHasNothingForIsRefused() {
    server.registration().alterMetadata(alter("token_endpoint_auth_method", "private_key_jwt"));
    assertRefusal(
        refuses(SERVICE),
        FailureKind.MALFORMED,
        201,
        "registered for private_key_jwt",
        "asked for was client_secret_basic");
    answerDocument(",\"token_endpoint_auth_method\":\"client_secret_post\"");
    refuses(SERVICE);
  }

  @ParameterizedTest
  @Spec("DR-02")
  @ValueSource(
      strings = {
        "\"grant_types\":[\"authorization_code\"]",
        "\"grant_types\":\"client_credentials\"",
        "\"redirect_uris\":[\"https://a.example/other\"]",
        "\"id_token_signed_response_alg\":\"none\"",
        "\"userinfo_signed_response_alg\":\"XS256\"",
        "\"id_token_encrypted_response_alg\":\"RSA-OAEP\"",
        "\"registration_client_uri\":\"http://id.example.com/x\"",
        "\"client_secret\":7"
      })
  void whatTheClientCannotUseIsRefused(String member) {
    answerDocument("," + member);
    refuses(
        ClientMetadata.empty()
            .authMethod("none")
            .grantTypes("client_credentials")
            .redirectUris("https://a.example/back"));
  }

  @Test
  @Spec("DR-02")
  void aRegistrationWithoutAnIdIsRefused() {
    answerRegistration(Answer.json(201, "{\"client_name\":\"x\"}"));
    assertRefusal(refuses(SERVICE), FailureKind.MALFORMED, 201, "it has no client_id");
  }

  // ---- secrets end

  @Test
  @Spec("DR-03")
  void zeroMeansThatTheSecretNeverEnds() {
    answerDocument(",\"client_secret\":\"s\",\"client_secret_expires_at\":0");
    assertThat(registrar.register(SERVICE).secretExpiresAt()).isEmpty();
  }

  @ParameterizedTest
  @Spec("DR-03")
  @ValueSource(strings = {"", ",\"client_secret_expires_at\":\"soon\""})
  void aSecretWithoutAnEndIsUnknownOrRefusedWhenStrict(String member) {
    answerDocument(",\"client_secret\":\"s\"" + member);
    try (Warnings warnings = Warnings.ofAnswers()) {
      assertThat(registrar.register(SERVICE).secretExpiresAt()).isEmpty();
      assertThat(warnings.holding("client_secret_expires_at")).hasSize(1);
    }
    try (Registrar strict = registrar(ProviderProfile.strict())) {
      refusal(MalformedAnswerException.class, () -> strict.register(SERVICE));
    }
  }

  @Test
  @Spec("DR-03")
  void aSecretIsReplacedBeforeItEnds() {
    server.registration().secretLifetime(Duration.ofDays(30)).rotateCredentials(true);
    ClientRegistration first = registrar.register(SERVICE);
    assertThat(first.secretExpiresAt()).contains(clock.instant().plus(Duration.ofDays(30)));
    clock.advance(Duration.ofDays(28));
    assertThat(registrar.refreshed(first)).isSameAs(first);
    clock.advance(Duration.ofDays(1));
    ClientRegistration second = registrar.refreshed(first);
    assertThat(second.clientSecret()).isNotEqualTo(first.clientSecret());
    assertThat(second.secretExpiresAt()).contains(clock.instant().plus(Duration.ofDays(30)));
  }

  @Test
  @Spec("DR-03")
  void aSecretOfAnHourIsReplacedInItsLastFifth() {
    server.registration().secretLifetime(Duration.ofHours(1)).rotateCredentials(true);
    ClientRegistration first = registrar.register(SERVICE);
    clock.advance(Duration.ofMinutes(48).minusSeconds(1));
    ClientRegistration loaded = ClientRegistration.load(first.save());
    assertThat(registrar.refreshed(loaded)).isSameAs(loaded);
    clock.advance(Duration.ofSeconds(1));
    ClientRegistration second = registrar.refreshed(loaded);
    assertThat(second.clientSecret()).isNotEqualTo(first.clientSecret());
    assertThat(second.secretObtainedAt()).contains(clock.instant());
  }

  @Test
  @Spec("DR-03")
  void aSecretThatIsAnsweredAgainIsAsOldAsItWas() {
    server.registration().secretLifetime(Duration.ofHours(1));
    ClientRegistration first = registrar.register(SERVICE);
    clock.advance(Duration.ofMinutes(30));
    assertThat(registrar.read(first).secretObtainedAt())
        .isEqualTo(first.secretObtainedAt())
        .contains(SettableClock.START);
    assertThat(registrar.update(first, SERVICE.clientName("Other")).secretObtainedAt())
        .contains(SettableClock.START);
  }

  // ---- keeping

  @Test
  void itIsKeptWholeAndShowsNothing() {
    ClientRegistration registration = registrar.register(SERVICE);
    ClientRegistration loaded = ClientRegistration.load(registration.save());
    assertThat(loaded).isEqualTo(registration);
    assertThat(loaded.issuer()).contains(server.issuer().toString());
    assertThat(loaded.clientSecret()).isEqualTo(registration.clientSecret()).isPresent();
    assertThat(registrar.read(loaded)).isEqualTo(registration);
    assertThat(registration + " " + registration.save() + " " + registration.metadata())
        .doesNotContain(registration.clientSecret().orElseThrow().reveal())
        .doesNotContain(registration.registrationAccessToken().orElseThrow().reveal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "{}", "{\"registration\":{}}", "{\"registration\":{\"client_id\":1}}"})
  void whatWasNotSavedIsNotLoaded(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ClientRegistration.load(Secret.of(text)));
  }

  @Test
  void aMethodThatNeedsAKeySaysSo() {
    ClientRegistration registration =
        ClientRegistration.of(
            null, Map.of("client_id", "c", "token_endpoint_auth_method", "private_key_jwt"));
    assertThatIllegalStateException()
        .isThrownBy(registration::authentication)
        .withMessageContaining("private_key_jwt");
  }

  // ---- managing

  @Test
  @Spec("DR-05")
  void anUpdateSendsEverythingButWhatTheServerSaysAlone() {
    ClientRegistration registration = registrar.register(SERVICE.clientName("old"));
    ClientRegistration updated =
        registrar.update(registration, registration.metadata().clientName("new"));

    assertThat(last().method()).isEqualTo("PUT");
    assertThat(last().headers("Authorization"))
        .containsExactly("Bearer " + registration.registrationAccessToken().orElseThrow().reveal());
    Map<String, Object> sent = json(last().bodyText());
    assertThat(sent)
        .containsEntry("client_id", registration.clientId())
        .containsEntry("client_name", "new")
        .containsEntry("grant_types", List.of("client_credentials"))
        .containsEntry("token_endpoint_auth_method", "client_secret_basic")
        .doesNotContainKeys(
            "registration_access_token",
            "registration_client_uri",
            "client_secret_expires_at",
            "client_id_issued_at");
    assertThat(updated.metadata().members()).containsEntry("client_name", "new");
    assertThat(updated.clientSecret()).isEqualTo(registration.clientSecret());
  }

  @Test
  @Spec("DR-05")
  void newCredentialsReplaceTheOld() {
    server.registration().rotateCredentials(true);
    ClientRegistration first = registrar.register(SERVICE);
    ClientRegistration second = registrar.update(first, first.metadata());
    assertThat(second.clientId()).isEqualTo(first.clientId());
    assertThat(second.clientSecret()).isPresent().isNotEqualTo(first.clientSecret());
    assertThat(second.registrationAccessToken())
        .isPresent()
        .isNotEqualTo(first.registrationAccessToken());
    registrar.read(second);
  }

  @Test
  @Spec("DR-05")
  void credentialsThatAnAnswerLeavesOutStay() {
    ClientRegistration first = registrar.register(SERVICE);
    server
        .script(first.configurationUri().orElseThrow().getPath())
        .answerAlways(
            Answer.json(200, "{\"client_id\":\"" + first.clientId() + "\",\"client_name\":\"x\"}"));
    ClientRegistration second = registrar.update(first, SERVICE.clientName("x"));
    assertThat(second.clientSecret()).isEqualTo(first.clientSecret());
    assertThat(second.registrationAccessToken()).isEqualTo(first.registrationAccessToken());
    assertThat(second.configurationUri()).isEqualTo(first.configurationUri());
  }

  @Test
  @Spec("DR-05")
  void anAnswerAboutAnotherClientIsRefused() {
    ClientRegistration registration = registrar.register(SERVICE);
    server
        .script(registration.configurationUri().orElseThrow().getPath())
        .answerAlways(Answer.json(200, "{\"client_id\":\"other\"}"));
    refusal(MalformedAnswerException.class, () -> registrar.read(registration));
  }

  @Test
  @Spec("DR-06")
  void aDeletedRegistrationIsGone() {
    ClientRegistration registration = registrar.register(SERVICE);
    registrar.delete(registration);
    assertThat(last().method()).isEqualTo("DELETE");
    assertRefusal(
        refusal(OAuthErrorException.class, () -> registrar.read(registration)),
        FailureKind.REFUSED,
        401,
        "is gone, or its registration access token is of no use any more");
  }

  @Test
  @Spec("DR-06")
  void afterA401TheServerIsNotAskedAgain() {
    ClientRegistration registration = registrar.register(SERVICE);
    registrar.delete(registration);
    refusal(OAuthErrorException.class, () -> registrar.read(registration));
    int before = server.requestCount();
    refusal(ServerUnavailableException.class, () -> registrar.read(registration));
    refusal(ServerUnavailableException.class, () -> registrar.update(registration, SERVICE));
    refusal(ServerUnavailableException.class, () -> registrar.delete(registration));
    assertThat(server.requestCount()).isEqualTo(before);
  }

  @Test
  @Spec("DR-06")
  void aDeletionIsOneByStatus204() {
    ClientRegistration registration = registrar.register(SERVICE);
    String path = registration.configurationUri().orElseThrow().getPath();
    server.script(path).answerAlways(Answer.status(405));
    refusal(MalformedAnswerException.class, () -> registrar.delete(registration));
    server.script(path).answerAlways(Answer.status(200));
    registrar.delete(registration);
    try (Registrar strict = registrar(ProviderProfile.strict())) {
      refusal(MalformedAnswerException.class, () -> strict.delete(registration));
    }
  }

  @Test
  void aRegistrationThatCannotBeManagedSaysSo() {
    answerDocument("");
    ClientRegistration registration = registrar.register(ClientMetadata.empty().authMethod("none"));
    assertThatIllegalArgumentException().isThrownBy(() -> registrar.read(registration));
    assertThat(registrar.refreshed(registration)).isSameAs(registration);
  }
}
