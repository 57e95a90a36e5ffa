package dev.everbearer.login.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.Untrusted;
import org.jspecify.annotations.Nullable;

/** Says why a login came to nothing. Each is final: only a person begins another. */
final class LoginFailures {

  private static final int MAX_CODE = 100;
  private static final int MAX_DESCRIPTION = 300;

  private LoginFailures() {}

  /** For a reason that follows "The login at the server failed:". */
  static OAuthException of(AuthorizationServer server, String why) {
    return of(server, why, null);
  }

  /** As {@link #of(AuthorizationServer, String)}, with what was thrown, whose text stays hidden. */
  static OAuthException of(AuthorizationServer server, String why, @Nullable Throwable cause) {
    return builder(server, why).cause(cause).build().toException();
  }

  /** RFC 6749 section 4.1.2.1: an error that has passed the checks of who sent it. */
  static OAuthException ofError(
      AuthorizationServer server,
      String error,
      @Nullable String description,
      @Nullable String uri) {
    String code = Untrusted.printable(error, MAX_CODE);
    String said = description == null ? null : Untrusted.printable(description, MAX_DESCRIPTION);
    return builder(server, answered(code, said))
        .error(code, said, uri == null ? null : Untrusted.printable(uri, MAX_DESCRIPTION))
        .build()
        .toException();
  }

  /** The code, or the ID token that came for it, was not good. The code is not sent again. */
  static OAuthException ofExchange(AuthorizationServer server, OAuthException thrown) {
    Failure inner = thrown.failure().orElse(null);
    String why =
        "its code brought no tokens to use, and is not sent a second time. %s Log in again."
            .formatted(thrown.getMessage());
    Failure.Builder failure = builder(server, why).cause(thrown);
    if (inner != null) {
      failure.status(inner.status());
      inner.endpoint().ifPresent(failure::endpoint);
      inner
          .error()
          .ifPresent(
              code ->
                  failure.error(
                      code, inner.errorDescription().orElse(null), inner.errorUri().orElse(null)));
    }
    return failure.build().toException();
  }

  /** A login on another device: to begin it, or to ask how it goes. */
  static OAuthException ofAsking(AuthorizationServer server, OAuthException thrown) {
    Failure inner = thrown.failure().orElse(null);
    String error = inner == null ? null : inner.error().orElse(null);
    if (inner == null || error == null) {
      return of(server, thrown.getMessage() + " Log in again.", thrown);
    }
    String said = inner.errorDescription().orElse(null);
    Failure.Builder failure =
        builder(server, answered(error, said))
            .status(inner.status())
            .error(error, said, inner.errorUri().orElse(null))
            .cause(thrown);
    inner.endpoint().ifPresent(failure::endpoint);
    return failure.build().toException();
  }

  private static String answered(String code, @Nullable String said) {
    return "it answered %s%s: %s"
        .formatted(code, said == null ? "" : " (\"" + said + "\")", meaning(code));
  }

  private static Failure.Builder builder(AuthorizationServer server, String why) {
    return Failure.builder(FailureKind.REFUSED, "The login at %s failed: %s".formatted(server, why))
        .ofLogin();
  }

  private static String meaning(String code) {
    return switch (code) {
      case "access_denied" -> "the person or the server declined. Log in again to try once more.";
      case "login_required",
          "interaction_required",
          "consent_required",
          "account_selection_required" ->
          "it has to talk with the person, which prompt=none forbids. Log in without it.";
      case "expired_token" ->
          "nobody decided in time, and the code is over. Ask for a token again to log in once more.";
      case "invalid_grant" -> "its code is over, was used before, or is not for this client.";
      case "transaction_failed" -> "it could not get the person's decision. Ask again.";
      case "unknown_user_id" -> "it does not know the person by the hint. Give another one.";
      case "expired_login_hint_token" -> "the hint is over. Its source has to give a new one.";
      case "missing_user_code" -> "it wants the person's user code. Give it by userCode(...).";
      case "invalid_user_code" -> "the person's user code is wrong.";
      case "invalid_binding_message" -> "the binding message is not one it shows. Shorten it.";
      case "invalid_scope" -> "a scope is unknown to it or not allowed for this client.";
      case "invalid_authorization_details" ->
          "it cannot take the authorization details, or does not allow them for this client.";
      case "invalid_target" -> "a resource or audience is unknown to it or not allowed.";
      case "unauthorized_client" -> "this client is not registered for such a login.";
      case "server_error", "temporarily_unavailable" ->
          "it is in trouble, which passes by itself. Log in again later.";
      case "invalid_request" ->
          "it misses something in the request, or cannot read it; the request is not repeated in"
              + " a weaker form.";
      default -> "it refuses the request, and will as long as nothing changes.";
    };
  }
}
