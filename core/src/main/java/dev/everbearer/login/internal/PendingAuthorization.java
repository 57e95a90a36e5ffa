package dev.everbearer.login.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.FormBody;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An authorization request that waits for its answer, good for ten minutes and one use.
 *
 * @param server the issuer, or the token endpoint where no issuer is known, as an exact string
 * @param redirectUri the very string that was sent
 * @param state ties the answer to this request
 * @param verifier proves that whoever redeems the code began the request
 * @param nonce ties an ID token to this request
 * @param createdAt when it was made, by the wall clock
 */
record PendingAuthorization(
    String server,
    String redirectUri,
    String state,
    Secret verifier,
    String nonce,
    Instant createdAt) {

  static final Duration LIFE = Duration.ofMinutes(10);

  private static final String VERSION = "1.";

  /** A new request to a server. */
  static PendingAuthorization begin(AuthorizationServer server, String redirectUri, Instant now) {
    return new PendingAuthorization(
        nameOf(server), redirectUri, Unguessable.text(), Pkce.verifier(), Unguessable.text(), now);
  }

  static String nameOf(AuthorizationServer server) {
    return server.issuer().orElseGet(() -> server.tokenEndpoint().toString());
  }

  /** Whether its time is over, or its clock and ours have nothing to do with each other. */
  boolean isOver(Instant now) {
    return Duration.between(createdAt, now).abs().compareTo(LIFE) >= 0;
  }

  /** As text to keep in a session. */
  String save() {
    String form =
        new FormBody()
            .add("server", server)
            .add("redirect_uri", redirectUri)
            .add("state", state)
            .add("verifier", verifier.reveal())
            .add("nonce", nonce)
            .add("created_at", createdAt.toString())
            .encoded();
    return VERSION
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(form.getBytes(StandardCharsets.US_ASCII));
  }

  /** What was saved; null when the text is something else. */
  static @Nullable PendingAuthorization load(String saved) {
    if (!saved.startsWith(VERSION)) {
      return null;
    }
    try {
      byte[] form = Base64.getUrlDecoder().decode(saved.substring(VERSION.length()));
      return of(FormBody.decode(new String(form, StandardCharsets.US_ASCII)));
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  private static PendingAuthorization of(Map<String, Object> members) {
    return new PendingAuthorization(
        text(members, "server"),
        text(members, "redirect_uri"),
        text(members, "state"),
        Secret.of(text(members, "verifier")),
        text(members, "nonce"),
        Instant.parse(text(members, "created_at")));
  }

  private static String text(Map<String, Object> members, String name) {
    if (members.get(name) instanceof String value && !value.isEmpty()) {
      return value;
    }
    throw new IllegalArgumentException("no " + name);
  }

  /** Nothing by which an answer could be made up. */
  @Override
  public String toString() {
    return "PendingAuthorization of " + createdAt;
  }
}
