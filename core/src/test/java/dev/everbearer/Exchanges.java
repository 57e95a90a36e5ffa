package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSet;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;

/** Single exchanges with a scripted token endpoint, and what every refused one has in common. */
public final class Exchanges {

  /** Stands wherever a test puts something that must never be shown. */
  public static final String CANARY = "cAnArY";

  /** The client that the server knows. */
  public static final String ID = "the-client";

  /** Its secret, which no message may hold. */
  public static final String SECRET = CANARY + "-secret";

  private Exchanges() {}

  /** A client with a Basic header, registered at the server. */
  public static OAuthClientBuilder clientOf(ScriptedAuthorizationServer server) {
    server.registerClient(ID, SECRET);
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .clientSecretBasic(ID, SECRET);
  }

  /** A good answer with these members beside the token, such as {@code "scope":"a"}. */
  public static Answer granted(String members) {
    return Answer.json(
        200,
        "{\"access_token\":\"good-token\",\"token_type\":\"Bearer\"%s}"
            .formatted(members.isEmpty() ? "" : "," + members));
  }

  /** What a standard client reads out of one answer. */
  public static TokenSet read(ScriptedAuthorizationServer server, Answer answer) {
    return read(server, answer, ProviderProfile.standard());
  }

  /** What a client with a profile reads out of one answer. */
  public static TokenSet read(
      ScriptedAuthorizationServer server, Answer answer, ProviderProfile profile) {
    server.answerNext(answer);
    try (OAuthClient client = clientOf(server).profile(profile).build()) {
      return client.fetch(Grant.clientCredentials());
    }
  }

  /** How a standard client refuses one answer. */
  public static <E extends OAuthException> E refuse(
      ScriptedAuthorizationServer server, Answer answer, Class<E> type) {
    return refuse(server, answer, ProviderProfile.standard(), type);
  }

  /** How a client with a profile refuses one answer: after one request, and showing no secret. */
  public static <E extends OAuthException> E refuse(
      ScriptedAuthorizationServer server, Answer answer, ProviderProfile profile, Class<E> type) {
    server.answerNext(answer);
    int before = server.requestCount();
    try (OAuthClient client = clientOf(server).profile(profile).build()) {
      E refusal = refusal(type, () -> client.fetch(Grant.clientCredentials()));
      assertThat(server.requestCount()).as("requests").isEqualTo(before + 1);
      assertNames(refusal, withoutQuery(server.tokenEndpoint()));
      return refusal;
    }
  }

  /** What a call throws: of exactly this type, and without a secret in any of its texts. */
  public static <E extends OAuthException> E refusal(Class<E> type, Runnable call) {
    E thrown = catchThrowableOfType(type, call::run);
    assertThat(thrown).isExactlyInstanceOf(type);
    assertThat(stackTrace(thrown) + failure(thrown)).doesNotContain(CANARY);
    return thrown;
  }

  /** All that a log would show of an exception, its causes included. */
  public static String stackTrace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  private static void assertNames(OAuthException refusal, URI endpoint) {
    assertThat(refusal).hasMessageContaining("token endpoint " + endpoint);
    assertThat(failure(refusal).endpoint()).contains(endpoint);
  }

  private static URI withoutQuery(URI uri) {
    return URI.create(uri.toString().replaceFirst("\\?.*", ""));
  }

  /** The failure behind an exception. */
  public static Failure failure(OAuthException thrown) {
    return thrown.failure().orElseThrow();
  }

  /** Asserts kind, status and the part of the message that tells this refusal from others. */
  public static void assertRefusal(
      OAuthException refusal, FailureKind kind, int status, String... message) {
    assertThat(failure(refusal).kind()).as("kind").isEqualTo(kind);
    assertThat(failure(refusal).status()).as("status").isEqualTo(status);
    assertThat(refusal).hasMessageContainingAll(message);
  }

  /** The only request that the token endpoint has seen. */
  public static RecordedRequest onlyRequest(ScriptedAuthorizationServer server) {
    assertThat(server.tokenRequests()).hasSize(1);
    return server.tokenRequests().get(0);
  }

  /** The last request that the token endpoint has seen. */
  public static RecordedRequest lastRequest(ScriptedAuthorizationServer server) {
    return server.tokenRequests().get(server.tokenRequests().size() - 1);
  }
}
