package dev.everbearer.protocol;

import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.protocol.EndpointCaller.Post;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/** The pushed authorization request endpoint (RFC 9126 section 2). Thread-safe. */
public final class PushedAuthorization {

  private static final int CREATED = 201;
  private static final int OK = 200;
  private static final int TOO_LARGE = 413;
  private static final int MAX_REFERENCE = 512;

  private final EndpointCaller caller;

  /** The endpoint among the endpoints of a server. */
  public PushedAuthorization(EndpointCaller caller) {
    this.caller = caller;
  }

  /**
   * Hands over an authorization request and gets the {@code request_uri} that stands for it, good
   * for one use and for a short time.
   *
   * @param parameters the request; nothing in it refers to another one
   * @param deadline for the whole exchange, body included
   * @throws OAuthException if the server refuses it
   * @throws InterruptedException when interrupted
   */
  public String push(FormBody parameters, Duration deadline) throws InterruptedException {
    return caller.post(
        new Post(Endpoint.PUSHED_AUTHORIZATION_REQUEST, parameters, deadline, false),
        PushedAuthorization::read);
  }

  private static String read(Exchange exchange) {
    HttpAnswer answer = exchange.answer();
    // 1. An error is read as one of the token endpoint (section 2.3).
    if (answer.status() == TOO_LARGE) {
      throw tooLarge(answer);
    }
    Map<String, Object> body = body(answer);
    if (answer.status() != CREATED && answer.status() != OK) {
      throw exchange.errors().read(answer, body.isEmpty() ? null : body).toException();
    }
    // 2. The reference (section 2.2); its life only tells that one more is needed for one more use.
    if (!(body.get("request_uri") instanceof String reference)
        || reference.isEmpty()
        || reference.length() > MAX_REFERENCE
        || !reference.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw malformed(answer, "it has no request_uri of at most 512 visible characters");
    }
    BigDecimal life = ExpiresIn.number(body.get("expires_in"));
    if (life == null || life.signum() <= 0) {
      throw malformed(answer, "it has no expires_in above zero");
    }
    return reference;
  }

  private static Map<String, Object> body(HttpAnswer answer) {
    try {
      return StrictJson.object(answer.body());
    } catch (BrokenJsonException e) {
      return Map.of();
    }
  }

  private static OAuthException tooLarge(HttpAnswer answer) {
    return failure(
        answer,
        "The %s %s answered 413: the request is too large for it. Ask for less, such as fewer"
                .formatted(Endpoint.PUSHED_AUTHORIZATION_REQUEST, answer.uri())
            + " scopes or details.",
        FailureKind.REFUSED);
  }

  private static OAuthException malformed(HttpAnswer answer, String why) {
    return failure(
        answer,
        "The %s %s answered %d with what cannot be used: %s."
            .formatted(Endpoint.PUSHED_AUTHORIZATION_REQUEST, answer.uri(), answer.status(), why),
        FailureKind.MALFORMED);
  }

  private static OAuthException failure(HttpAnswer answer, String message, FailureKind kind) {
    return Failure.builder(kind, message)
        .endpoint(answer.uri())
        .status(answer.status())
        .build()
        .toException();
  }
}
