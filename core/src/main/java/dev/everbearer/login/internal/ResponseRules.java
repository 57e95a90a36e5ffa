package dev.everbearer.login.internal;

import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;

/**
 * Checks the answer to an authorization request: RFC 6749 section 4.1.2, RFC 9207 section 2.4, RFC
 * 9700 section 2.1, JARM section 2.4. Nothing of an answer is acted on or shown before it is known
 * whose it is.
 */
final class ResponseRules {

  static final List<String> RESPONSE_PARAMETERS =
      List.of("state", "iss", "code", "error", "error_description", "error_uri", "response");

  static final List<String> FRONT_CHANNEL_TOKENS =
      List.of("access_token", "id_token", "token_type", "refresh_token");

  private static final String ISS_SUPPORTED = "authorization_response_iss_parameter_supported";

  private final AuthorizationServer server;
  private final ProviderProfile profile;
  private final AnswerMode mode;
  private final ResponseJwts jwts;

  /** The rules for answers of a server that come by one way. */
  ResponseRules(
      AuthorizationServer server, ProviderProfile profile, AnswerMode mode, ResponseJwts jwts) {
    this.server = server;
    this.profile = profile;
    this.mode = mode;
    this.jwts = jwts;
  }

  /** Whether it answers this very request, good or bad: by its {@code state}, and nothing else. */
  static boolean isAnswerTo(PendingAuthorization pending, AuthorizationResponse response) {
    return response.defect().isEmpty()
        && response.value("state").filter(state -> isEqual(state, pending.state())).isPresent();
  }

  private static boolean isEqual(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The code of a good answer.
   *
   * @throws OAuthException if it is anything else
   * @throws InterruptedException when interrupted
   */
  Secret code(PendingAuthorization pending, AuthorizationResponse received, Instant now)
      throws InterruptedException {
    // 1. The request is one of ours, to this server, and not too old.
    requirePending(pending, now);
    // 2. It came the way that was asked for, and can be read.
    requireReadable(received);
    // In JWT mode only what the JWT says counts (JARM section 2.4).
    AuthorizationResponse response = mode.isJwt() ? opened(received) : received;
    // 3. It answers this request (RFC 6749 section 10.12).
    if (!isAnswerTo(pending, response)) {
      throw notOurs("its state is missing, doubled, or not the one of this login");
    }
    // 4. Nothing is said twice (RFC 6749 section 3.1).
    requireNothingTwice(response);
    // 5. It is of the server that was asked (RFC 9207 section 2.4).
    if (!mode.isJwt()) {
      requireIssuer(response);
    }
    // 6. No token was carried through the browser (RFC 9700 section 2.1.2).
    requireNoTokens(response);
    // 7. An error, now that it is known whose it is (RFC 6749 section 4.1.2.1).
    requireNoError(response);
    // 8. The code.
    String code =
        response.value("code").orElseThrow(() -> notOurs("it has neither a code nor an error"));
    if (!code.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw notOurs("its code has characters that RFC 6749 appendix A.11 does not allow");
    }
    return Secret.of(code);
  }

  private void requirePending(PendingAuthorization pending, Instant now) {
    if (!pending.server().equals(PendingAuthorization.nameOf(server))) {
      throw notOurs("the login was begun at another server");
    }
    if (pending.isOver(now)) {
      throw notOurs("it took more than ten minutes, after which no answer counts");
    }
  }

  private void requireReadable(AuthorizationResponse response) {
    response
        .defect()
        .ifPresent(
            defect -> {
              throw notOurs(defect);
            });
    if (response.isFormPost() != mode.isFormPost()) {
      throw notOurs(
          mode.isFormPost()
              ? "it came in a query, and was to be posted as a form"
              : "it was posted as a form, and was to come in a query");
    }
  }

  private AuthorizationResponse opened(AuthorizationResponse response) throws InterruptedException {
    try {
      return jwts.verified(server, response);
    } catch (InvalidJwtException e) {
      throw notOurs("it was to be a JWT (response), which is no good: " + e.getMessage());
    }
  }

  private void requireNothingTwice(AuthorizationResponse response) {
    for (String name : RESPONSE_PARAMETERS) {
      if (response.values(name).size() > 1) {
        throw notOurs("'" + name + "' comes twice");
      }
    }
  }

  private void requireIssuer(AuthorizationResponse response) {
    String sent = response.value("iss").orElse(null);
    boolean isAnnounced = server.says(ISS_SUPPORTED);
    if (sent == null) {
      if (isAnnounced) {
        throw notOurs("it does not name its server (iss), which this server always does");
      }
      return;
    }
    if (server.issuer().isEmpty()) {
      requireTolerance("names a server (iss), and no issuer is configured to compare it with");
    } else if (!server.isIssuer(sent)) {
      throw notOurs("it is of another server than the one that was asked (iss)");
    } else if (!isAnnounced) {
      requireTolerance("names its server (iss), which its metadata does not announce");
    }
  }

  private void requireTolerance(String deviation) {
    if (profile.isStrict()) {
      throw notOurs("it " + deviation + "; the strict profile discards it");
    }
  }

  private void requireNoTokens(AuthorizationResponse response) {
    for (String name : FRONT_CHANNEL_TOKENS) {
      if (!response.values(name).isEmpty()) {
        throw notOurs(
            "'%s' came through the browser, where tokens must not go (RFC 9700 section 2.1.2)"
                .formatted(name));
      }
    }
  }

  private void requireNoError(AuthorizationResponse response) {
    response
        .value("error")
        .ifPresent(
            error -> {
              throw LoginFailures.ofError(
                  server,
                  error,
                  response.value("error_description").orElse(null),
                  response.value("error_uri").orElse(null));
            });
  }

  private OAuthException notOurs(String why) {
    return LoginFailures.of(
        server,
        "the answer in the browser was refused: %s. If nobody tampers with it, log in again; if the"
                .formatted(why)
            + " next one is no better, ask the server's operator.");
  }
}
