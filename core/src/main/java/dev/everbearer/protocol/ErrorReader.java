package dev.everbearer.protocol;

import dev.everbearer.jose.AttestationProofs;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.Redirects;
import dev.everbearer.wire.ServerClock;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import dev.everbearer.wire.Untrusted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an error answer of an endpoint (RFC 6749 section 5.2) and says what it means. */
final class ErrorReader {

  static final String USE_DPOP_NONCE = "use_dpop_nonce";
  static final String USE_ATTESTATION_CHALLENGE = "use_attestation_challenge";
  static final String USE_FRESH_ATTESTATION = "use_fresh_attestation";

  private static final int MAX_DESCRIPTION = 300;
  private static final String ASSERTION_ADVICE =
      " Compare the clocks. Some older servers want the token endpoint as the audience of a client"
          + " assertion, or another typ: ProviderProfile.builder() has assertionForTokenEndpoint()"
          + " and assertionType(...) for these.";

  private final Endpoint endpoint;
  private final String authenticationMethod;
  private final boolean isStrict;
  private final Redaction redaction;
  private final boolean isProven;

  /**
   * For answers to requests that were authenticated by the given method.
   *
   * @param isStrict whether an {@code error} that is no string makes the answer malformed
   * @param redaction frees texts from what the request held in confidence
   * @param isProven whether a DPoP proof went with the request
   */
  ErrorReader(
      Endpoint endpoint,
      String authenticationMethod,
      boolean isStrict,
      Redaction redaction,
      boolean isProven) {
    this.endpoint = endpoint;
    this.authenticationMethod = authenticationMethod;
    this.isStrict = isStrict;
    this.redaction = redaction;
    this.isProven = isProven;
  }

  /**
   * The failure of an answer.
   *
   * @param body the JSON object in the body; null when there is none
   */
  Failure read(HttpAnswer answer, @Nullable Map<String, Object> body) {
    String code = body == null ? null : code(body);
    Failure trouble =
        HttpFailures.serverTrouble(endpoint.toString(), answer, isServersOwnTrouble(code));
    if (trouble != null) {
      return trouble;
    }
    if (body == null || code == null) {
      return Redirects.isOne(answer) ? redirect(answer) : withoutCode(answer);
    }
    String description = description(body);
    FailureKind kind = kind(code, answer.status());
    return Failure.builder(kind, sentence(answer, code, description, kind))
        .endpoint(answer.uri())
        .status(answer.status())
        .error(code, description, shown(body.get("error_uri")))
        .retryAfter(retryAfter(answer, code, body))
        .build();
  }

  /** Other codes may be those of a framework or a gateway, such as "Internal Server Error". */
  private static boolean isServersOwnTrouble(@Nullable String code) {
    return "temporarily_unavailable".equals(code) || "server_error".equals(code);
  }

  /** Some servers say in a {@code slow_down} how slow (RFC 8628 section 3.5). */
  private static @Nullable Duration retryAfter(
      HttpAnswer answer, String code, Map<String, Object> body) {
    Duration interval =
        code.equals("slow_down") ? PendingLogin.positiveSeconds(body.get("interval")) : null;
    return interval != null ? interval : HttpFailures.retryAfter(answer);
  }

  /** The failure of an answer whose body, if it says anything, is JSON. */
  Failure read(HttpAnswer answer) {
    return read(answer, objectIn(answer));
  }

  private static @Nullable Map<String, Object> objectIn(HttpAnswer answer) {
    try {
      return StrictJson.object(answer.body());
    } catch (BrokenJsonException e) {
      return null;
    }
  }

  /** Whether the object is an error, whatever its status says. */
  static boolean isError(Map<String, Object> body) {
    return body.containsKey("error") && !body.containsKey("access_token");
  }

  private @Nullable String code(Map<String, Object> body) {
    Object error = body.get("error");
    if (error == null || (isStrict && !(error instanceof String))) {
      return null;
    }
    String code = error instanceof String text ? redaction.shown(text, 100) : "";
    return code.isEmpty() ? "unknown" : code;
  }

  /** The description, or the message that some servers nest inside {@code error}. */
  private @Nullable String description(Map<String, Object> body) {
    String description = shown(body.get("error_description"));
    if (description != null) {
      return description;
    }
    Object error = body.get("error");
    Object first = error instanceof List<?> list && !list.isEmpty() ? list.get(0) : error;
    return first instanceof Map<?, ?> nested ? shown(nested.get("message")) : null;
  }

  private @Nullable String shown(@Nullable Object value) {
    return value instanceof String text && !text.isBlank()
        ? redaction.shown(text, MAX_DESCRIPTION)
        : null;
  }

  private boolean isAttested() {
    return AttestationProofs.isMethod(authenticationMethod);
  }

  /** With 401 some servers say {@code unauthorized_client} of a wrong secret. */
  private FailureKind kind(String code, int status) {
    return switch (code) {
      case USE_DPOP_NONCE -> isProven ? FailureKind.SERVER_TROUBLE : FailureKind.REFUSED;
      case USE_ATTESTATION_CHALLENGE ->
          isAttested() ? FailureKind.SERVER_TROUBLE : FailureKind.REFUSED;
      case USE_FRESH_ATTESTATION, "invalid_client_attestation" ->
          isAttested() ? FailureKind.INVALID_CLIENT : FailureKind.REFUSED;
      case "unauthorized_client" ->
          status == 401 ? FailureKind.INVALID_CLIENT : FailureKind.REFUSED;
      // GitHub and Slack have a code of their own for a refresh token.
      case "invalid_grant", "bad_refresh_token", "invalid_refresh_token" ->
          FailureKind.INVALID_GRANT;
      case "invalid_client" -> FailureKind.INVALID_CLIENT;
      case "temporarily_unavailable", "server_error" -> FailureKind.SERVER_TROUBLE;
      default -> FailureKind.REFUSED;
    };
  }

  private String sentence(
      HttpAnswer answer, String code, @Nullable String description, FailureKind kind) {
    return "The %s %s answered %d %s%s: %s%s"
        .formatted(
            endpoint,
            answer.uri(),
            answer.status(),
            code,
            description == null ? "" : " (\"" + description + "\")",
            meaning(code, kind),
            skew(code, answer));
  }

  private String meaning(String code, FailureKind kind) {
    return switch (kind) {
      case INVALID_GRANT ->
          "what we presented is over, was revoked, or is not for this client. A new login, or a new"
              + " refresh token or assertion, is needed.";
      case INVALID_CLIENT ->
          "it does not accept this client. Check the client id and "
              + credential()
              + ", and whether the client is registered for "
              + authenticationMethod
              + "."
              + (authenticationMethod.endsWith("_jwt") ? ASSERTION_ADVICE : "");
      case SERVER_TROUBLE -> trouble(code);
      default -> refusal(code);
    };
  }

  private String credential() {
    if (isAttested()) {
      return "attestation";
    }
    return authenticationMethod.equals("private_key_jwt") ? "key" : "secret";
  }

  private static String trouble(String code) {
    return switch (code) {
      case USE_DPOP_NONCE -> "it wants a nonce in the DPoP proof, and gave none that it then took.";
      case USE_ATTESTATION_CHALLENGE ->
          "it wants a challenge in the proof of the attested key, and gave none that it then took.";
      default -> "it is in trouble, which passes by itself.";
    };
  }

  /** A proof is good for a short time by the server's clock; some call it an invalid request. */
  private String skew(String code, HttpAnswer answer) {
    boolean mayBeOfProof =
        isProven && (code.equals("invalid_dpop_proof") || code.equals("invalid_request"));
    return mayBeOfProof
        ? ServerClock.hint(answer.header("date").orElse(null), answer.receivedAt())
        : "";
  }

  private static String refusal(String code) {
    return switch (code) {
      case "unauthorized_client" -> "this client is not registered for this grant type.";
      case "unsupported_grant_type" -> "the server does not offer this grant type.";
      case "invalid_scope" -> "a scope is unknown to it or not allowed for this client.";
      case "invalid_authorization_details" ->
          "it cannot take the authorization details, or does not allow them for this client.";
      case "invalid_target" -> "a resource or audience is unknown to it or not allowed.";
      case "invalid_redirect_uri" -> "a redirect URI is not one that it registers.";
      case "invalid_client_metadata" -> "it does not register such a client.";
      case "invalid_software_statement" -> "the software statement is not good.";
      case "unapproved_software_statement" -> "nobody there has approved the software statement.";
      case "unsupported_token_type" ->
          "tokens of this kind cannot be revoked there. They live on until they end.";
      case USE_DPOP_NONCE -> "it wants proofs of a key (RFC 9449). Configure dpop().";
      case USE_ATTESTATION_CHALLENGE, USE_FRESH_ATTESTATION, "invalid_client_attestation" ->
          "it wants an attestation of the client. ClientAuthentication.attestation(...) shows one.";
      case "invalid_dpop_proof" -> "it does not take the proof of the DPoP key.";
      case "invalid_request" -> "it misses something in the request or cannot read it.";
      default -> "it refuses the request, and will as long as nothing changes.";
    };
  }

  /** It would carry what was sent elsewhere. */
  Failure redirect(HttpAnswer answer) {
    return Failure.builder(
            FailureKind.MALFORMED,
            "The %s %s answered %d, a redirect to %s. It was not followed, for it would carry the"
                    .formatted(
                        endpoint,
                        answer.uri(),
                        answer.status(),
                        redaction.shown(Redirects.target(answer), 200))
                + " client's credentials along. Configure the endpoint's own URL.")
        .endpoint(answer.uri())
        .status(answer.status())
        .build();
  }

  private Failure withoutCode(HttpAnswer answer) {
    int status = answer.status();
    boolean isGateway = status == 401 || status == 403;
    String meaning =
        status == HttpFailures.PROXY_ASKS
            ? HttpFailures.PROXY_ADVICE
            : isGateway
                ? "Something before the server, such as a gateway, seems to refuse the call, or nothing"
                    + " is there. Check the URL."
                : "This is not the answer of a " + endpoint + ". Check the URL.";
    return Failure.builder(
            isGateway ? FailureKind.SERVER_TROUBLE : FailureKind.MALFORMED,
            "The %s %s answered %d%s without an OAuth error. %s"
                .formatted(endpoint, answer.uri(), status, contents(answer), meaning))
        .endpoint(answer.uri())
        .status(status)
        .build();
  }

  /**
   * A bearer token was refused (RFC 6750 section 3.1).
   *
   * @param code of the challenge; null when it has none
   */
  Failure refusedToken(HttpAnswer answer, @Nullable String code) {
    String shown = code == null ? null : redaction.shown(code, 100);
    Failure.Builder failure =
        Failure.builder(
                FailureKind.REFUSED,
                "The %s %s answered %d%s: %s"
                    .formatted(
                        endpoint,
                        answer.uri(),
                        answer.status(),
                        shown == null ? "" : " " + shown,
                        answer.status() == 401
                            ? "it does not take the token. It is over, was revoked, or is none of"
                                + " its own."
                            : "the token is not good for this. Ask for the scope that it needs."))
            .endpoint(answer.uri())
            .status(answer.status());
    return shown == null ? failure.build() : failure.error(shown, null, null).build();
  }

  /** The failure of an answer that claims success. */
  Failure unusable(HttpAnswer answer, @Nullable String why) {
    return Failure.builder(
            FailureKind.MALFORMED,
            "The %s %s answered %d%s that cannot be used: %s. Check the URL; if it is right, the"
                    .formatted(endpoint, answer.uri(), answer.status(), contents(answer), why)
                + " server's operator has to mend this.")
        .endpoint(answer.uri())
        .status(answer.status())
        .build();
  }

  /** What kind of body came, without any of it. */
  static String contents(HttpAnswer answer) {
    if (answer.body().length == 0) {
      return " with an empty body";
    }
    String mediaType = Untrusted.printable(answer.mediaType(), 60);
    return " with %d bytes of %s"
        .formatted(answer.body().length, mediaType.isEmpty() ? "no media type" : mediaType);
  }
}
