package dev.everbearer.login;

import dev.everbearer.token.OAuthException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A logout that is done here, and what is left to do in the browser (OpenID Connect RP-Initiated
 * Logout 1.0). Immutable and thread-safe; prints no secret.
 */
public final class Logout {

  private final String serverName;
  private final @Nullable URI url;
  private final @Nullable String page;
  private final @Nullable String state;
  private final @Nullable OAuthException failure;

  /**
   * A logout as it went.
   *
   * @param url null when the server has no endpoint for it
   * @param page null when the URL does
   * @param state null when the browser does not come back
   * @param failure what went wrong at the server; null when nothing did
   */
  public Logout(
      String serverName,
      @Nullable URI url,
      @Nullable String page,
      @Nullable String state,
      @Nullable OAuthException failure) {
    this.serverName = Objects.requireNonNull(serverName, "serverName");
    this.url = url;
    this.page = page;
    this.state = state;
    this.failure = failure;
  }

  /**
   * Where to send the browser, so that the server ends its own session with the person. It holds
   * the ID token: show it to nobody else. Empty when the server offers no such thing, or there is a
   * {@link #page} to show instead.
   */
  public Optional<URI> url() {
    return Optional.ofNullable(url);
  }

  /**
   * A page of HTML to show in the browser in place of a {@link #url} that would be too long: it
   * posts itself to the server, by a script of its own or a button. Empty when the URL does.
   */
  public Optional<String> page() {
    return Optional.ofNullable(page);
  }

  /**
   * The {@code state} that the browser brings back: keep it in the session of this browser, if
   * anything is to be done then. Empty when it does not come back.
   */
  public Optional<String> state() {
    return Optional.ofNullable(state);
  }

  /** What could not be done at the server; empty when all went well. Here all is done anyhow. */
  public Optional<OAuthException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Whether a browser came back from a logout. Whatever the answer, the logout is done: it must not
   * bring anything back.
   *
   * @param state what {@link #state} gave
   * @param returned the whole URL at which the browser came back, or its path with the query
   */
  public static boolean isReturn(String state, String returned) {
    return AuthorizationResponse.ofUrl(returned)
        .state()
        .filter(found -> MessageDigest.isEqual(bytes(state), bytes(found)))
        .isPresent();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** How it went and what is left to do, in sentences for people. */
  public String summary() {
    boolean isLeft = url != null || page != null;
    return "Logged out here."
        + (failure == null ? "" : " " + failure.getMessage())
        + (isLeft
            ? " The session in the browser at %s ends when the browser is sent there."
                .formatted(serverName)
            : " %s offers no logout in the browser, so a session there lives on until it ends by"
                    .formatted(serverName)
                + " itself.");
  }

  @Override
  public String toString() {
    return "Logout at " + serverName;
  }
}
