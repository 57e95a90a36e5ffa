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
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.TokenSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Assertions as grants: JWT (RFC 7523 section 2.1) and SAML 2.0 (RFC 7522 section 2.1). */
@ExtendWith(ScriptedServers.class)
class AssertionGrantTest {

  private static final Answer INVALID_GRANT = Answer.json(400, "{\"error\":\"invalid_grant\"}");

  @TempDir Path directory;
  private Path file;
  private AssertionGrant ofFile;

  @BeforeEach
  void writeFirstAssertion() throws IOException {
    file = directory.resolve("assertion");
    Files.writeString(file, "first." + CANARY);
    ofFile = Grant.jwtBearer(AssertionSource.file(file)).scope("read");
  }

  private static OAuthClient manual(ScriptedAuthorizationServer server, SettableClock clock) {
    return clientOf(server)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .executor(Runnable::run)
        .build();
  }

  private static List<String> assertionsSent(ScriptedAuthorizationServer server) {
    return server.tokenRequests().stream()
        .map(request -> request.form().get("assertion").get(0))
        .toList();
  }

  @Test
  @Spec("JA-07")
  void aJwtIsSentAsItIsWithTheScope(ScriptedAuthorizationServer server) {
    server.answerNext(granted(""));
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(
          Grant.jwtBearer(AssertionSource.of("eyJh.eyJi.c-_")).scope("read").audience("api"));
    }
    assertThat(onlyRequest(server).bodyText())
        .isEqualTo(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
                + "&assertion=eyJh.eyJi.c-_&scope=read&audience=api");
  }

  @Test
  @Spec("JA-07")
  void anAssertionCannotBeSetTwice() {
    AssertionGrant grant = Grant.jwtBearer(AssertionSource.of("a"));
    assertThatThrownBy(() -> grant.parameter("assertion", "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("set by the library");
  }

  @Test
  @Spec("SB-01")
  void aSamlAssertionIsSentInBase64urlWithoutPaddingOrLineBreaks(
      ScriptedAuthorizationServer server) {
    String xml = "<Assertion>\r\n ü >?~ %s</Assertion>\n".formatted("x".repeat(100));
    server.answerNext(granted(""));
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(Grant.samlBearer(AssertionSource.of(xml)));
    }
    assertThat(onlyRequest(server).form())
        .containsEntry("grant_type", List.of("urn:ietf:params:oauth:grant-type:saml2-bearer"));
    String sent = assertionsSent(server).get(0);
    assertThat(sent).matches("[A-Za-z0-9_-]+");
    assertThat(new String(Base64.getUrlDecoder().decode(sent), StandardCharsets.UTF_8))
        .isEqualTo(xml);
  }

  @Test
  @Spec("SB-02")
  void aSamlAssertionIsNoClientAuthentication() {
    ClientCredentialsGrant grant = Grant.clientCredentials();
    String type = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    assertThatThrownBy(() -> grant.parameter("client_assertion_type", type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("SAML", "forbids its new use", "ClientAuthentication");
  }

  @Test
  @Spec("SB-02")
  void aSamlGrantIsAuthenticatedByAnotherMethod(ScriptedAuthorizationServer server) {
    server.answerNext(granted(""));
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(Grant.samlBearer(AssertionSource.of("<Assertion/>")));
    }
    assertThat(onlyRequest(server).header("Authorization").orElseThrow()).startsWith("Basic ");
    assertThat(onlyRequest(server).form()).doesNotContainKey("client_assertion");
  }

  @Test
  @Spec("JA-08")
  void eachRequestReadsItsAssertionAnew(ScriptedAuthorizationServer server, SettableClock clock)
      throws IOException {
    server.answerAlways(granted("\"expires_in\":300"));
    try (OAuthClient client = manual(server, clock)) {
      TokenSource source = client.tokens(ofFile);
      source.token();
      Files.writeString(file, "second");
      clock.advance(Duration.ofMinutes(6));
      source.token();
    }
    assertThat(assertionsSent(server)).first().isEqualTo("first." + CANARY);
    assertThat(assertionsSent(server)).last().isEqualTo("second");
  }

  @Test
  @Spec("JA-08")
  void anAssertionThatComesLateIsWaitedFor(ScriptedAuthorizationServer server, SettableClock clock)
      throws IOException {
    server.answerAlways(granted("\"expires_in\":300"));
    Files.delete(file);
    try (OAuthClient client = manual(server, clock)) {
      TokenSource source = client.tokens(ofFile);
      var waiting = source.tokenAsync().toCompletableFuture();
      assertThat(server.requestCount()).isZero();
      Files.writeString(file, "late");
      clock.advance(Duration.ofSeconds(2));
      assertThat(waiting).isCompleted();
    }
    assertThat(assertionsSent(server)).containsExactly("late");
  }

  @Test
  @Spec({"JA-09", "LC-21"})
  void aRefusedAssertionFailsAtOnceAfterOneRequest(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(INVALID_GRANT);
    try (OAuthClient client = manual(server, clock)) {
      TokenSource source = client.tokens(ofFile);
      OAuthErrorException refusal = refusal(OAuthErrorException.class, source::token);
      assertRefusal(
          refusal,
          FailureKind.INVALID_GRANT,
          400,
          "invalid_grant",
          "A new login, or a new refresh token or assertion, is needed.");
      clock.advance(Duration.ofMinutes(10));
    }
    assertThat(onlyRequest(server).form().get("grant_type").get(0)).endsWith(":jwt-bearer");
  }

  @Test
  @Spec("JA-09")
  void aRefusedAssertionIsNotSentAgainButANewOneIs(
      ScriptedAuthorizationServer server, SettableClock clock) throws IOException {
    server.answerNext(INVALID_GRANT);
    server.answerAlways(granted("\"expires_in\":300"));
    try (OAuthClient client = manual(server, clock)) {
      TokenSource source = client.tokens(ofFile);
      refusal(OAuthErrorException.class, source::token);
      OAuthErrorException again = refusal(OAuthErrorException.class, source::token);
      assertRefusal(
          again,
          FailureKind.INVALID_GRANT,
          400,
          "Nothing was sent",
          "Give it a new one",
          "invalid_grant");
      assertThat(server.requestCount()).isEqualTo(1);

      Files.writeString(file, "second");
      assertThat(source.token().value()).isEqualTo("good-token");
    }
    assertThat(assertionsSent(server)).containsExactly("first." + CANARY, "second");
  }

  @Test
  @Spec("LC-21")
  void theTokenInHandOutlivesARefusedAssertion(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerNext(granted("\"expires_in\":300"));
    server.answerAlways(INVALID_GRANT);
    try (OAuthClient client = manual(server, clock)) {
      TokenSource source = client.tokens(ofFile);
      source.token();
      clock.advance(Duration.ofSeconds(299));
      assertThat(source.token().value()).isEqualTo("good-token");
      clock.advance(Duration.ofSeconds(2));
      refusal(OAuthErrorException.class, source::token);
    }
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  @Spec("LC-28")
  void anAnswerThatIsLostIsAskedForAgain(ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerNext(Answer.reset());
    server.answerAlways(granted("\"expires_in\":300"));
    try (OAuthClient client = manual(server, clock)) {
      var waiting = client.tokens(ofFile).tokenAsync().toCompletableFuture();
      clock.advance(Duration.ofSeconds(2));
      assertThat(waiting).isCompleted();
    }
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  void aRefreshTokenInTheAnswerIsNotUsed(ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(granted("\"expires_in\":300,\"refresh_token\":\"r\""));
    try (OAuthClient client = manual(server, clock)) {
      TokenSource source = client.tokens(ofFile);
      source.token();
      clock.advance(Duration.ofMinutes(6));
      source.token();
    }
    assertThat(assertionsSent(server)).hasSizeGreaterThan(1);
  }

  @Test
  void grantsOfTheSameSourceAreEqual() {
    assertThat(ofFile)
        .isEqualTo(Grant.jwtBearer(AssertionSource.file(file)).scope("read"))
        .hasSameHashCodeAs(Grant.jwtBearer(AssertionSource.file(file)).scope("read"))
        .isNotEqualTo(Grant.samlBearer(AssertionSource.file(file)).scope("read"))
        .isNotEqualTo(ofFile.scope("write"))
        .isNotEqualTo(Grant.jwtBearer(AssertionSource.of("x")).scope("read"));
  }
}
