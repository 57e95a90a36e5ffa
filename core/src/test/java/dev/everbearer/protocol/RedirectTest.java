package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token endpoint that redirects is an error: credentials are not carried anywhere else. */
@ExtendWith(ScriptedServers.class)
class RedirectTest {

  private static final String ADVICE =
      "It was not followed, for it would carry the client's credentials along. Configure the"
          + " endpoint's own URL.";

  @ParameterizedTest
  @Spec("LC-52")
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectToTheServerItselfIsAnError(int status, ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(
            server,
            Answer.redirect(status, server.tokenEndpoint()),
            MalformedAnswerException.class),
        FailureKind.MALFORMED,
        status,
        "answered %d, a redirect to %s. ".formatted(status, server.tokenEndpoint()),
        ADVICE);
  }

  @ParameterizedTest
  @Spec("LC-52")
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectToAForeignHostIsAnErrorAndThatHostHearsNothing(
      int status, ScriptedAuthorizationServer server) {
    try (ScriptedApi trap = ScriptedApi.open()) {
      assertRefusal(
          refuse(
              server, Answer.redirect(status, trap.uri("/token")), MalformedAnswerException.class),
          FailureKind.MALFORMED,
          status,
          "answered %d, a redirect to %s. ".formatted(status, trap.uri("/token")),
          ADVICE);
      assertThat(trap.totalConnections()).isZero();
    }
  }

  @Test
  @Spec("LC-52")
  void aSourceAndAClientOfTheCallersFollowNoneEither(
      ScriptedAuthorizationServer server, SettableClock clock) {
    try (ScriptedApi trap = ScriptedApi.open();
        OAuthClient client =
            clientOf(server)
                .httpClient(HttpClient.newHttpClient())
                .clocks(clock, clock::nanoTime)
                .scheduler(clock.scheduler())
                .executor(Runnable::run)
                .build()) {
      server.answerAlways(Answer.redirect(307, trap.uri("/token")));
      CompletionStage<AccessToken> token =
          client.tokens(Grant.clientCredentials()).tokenAsync(Duration.ofMillis(500));
      clock.advance(Duration.ofMillis(500));
      assertThat(token.toCompletableFuture())
          .isCompletedExceptionally()
          .failsWithin(Duration.ZERO)
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOf(OAuthException.class)
          .withMessageContaining(ADVICE);
      assertThat(trap.totalConnections()).isZero();
    }

    HttpClient following =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    assertThatThrownBy(() -> clientOf(server).httpClient(following))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Build it with followRedirects(Redirect.NEVER)");
  }

  @ParameterizedTest
  @Spec("LC-52")
  @CsvSource({
    "https://x.example/login?code=cAnArY, https://x.example/login",
    "https://x.example/#access_token=cAnArY, https://x.example/",
    "https://user:cAnArY@x.example/a@b, https://x.example/a@b",
    "/login?cAnArY, /login"
  })
  void whatMayBeSecretInATargetIsNotShown(
      String target, String shown, ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(server, Answer.redirect(302, URI.create(target)), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        302,
        "a redirect to " + shown + ". ");
  }

  @Test
  @Spec("LC-52")
  void a3xxWithATokenInItsBodyIsAnErrorToo(ScriptedAuthorizationServer server) {
    String body = "{\"access_token\":\"" + CANARY + "\",\"token_type\":\"Bearer\"}";
    for (int status : new int[] {300, 304, 399}) {
      Answer answer = status == 304 ? Answer.status(304) : Answer.json(status, body);
      assertRefusal(
          refuse(server, answer, MalformedAnswerException.class),
          FailureKind.MALFORMED,
          status,
          "a redirect to nowhere");
    }
  }

  @Test
  @Spec("LC-52")
  void theTargetOfARedirectOfAnyEndpointIsNamedWithoutWhatMayBeSecretInIt(
      ScriptedAuthorizationServer server) {
    Answer away = Answer.redirect(307, URI.create("https://u:cAnArY@x.example/a?cAnArY#cAnArY"));
    server.script(server.introspectionEndpoint().getPath()).answerAlways(away);
    server.script(server.revocationEndpoint().getPath()).answerAlways(away);
    server.registerClient(ID, SECRET);
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .clientSecretBasic(ID, SECRET)
            .build()) {
      assertNamed(() -> client.introspector().build().introspect(Secret.of("t")), "introspection");
      assertNamed(() -> client.revoke(Secret.of("t"), "access_token"), "revocation");
    }
  }

  private static void assertNamed(ThrowingCallable call, String endpoint) {
    assertThatThrownBy(call)
        .isInstanceOf(MalformedAnswerException.class)
        .hasMessageContaining(endpoint + " endpoint")
        .hasMessageContaining("answered 307, a redirect to https://x.example/a. " + ADVICE)
        .hasMessageNotContaining(CANARY);
  }
}
