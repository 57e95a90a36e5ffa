package dev.everbearer.protocol;

import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.protocol.EndpointCaller.Post;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.Failure;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.HttpAnswer;
import java.time.Duration;

/** The exchange with the revocation endpoint (RFC 7009 section 2). Thread-safe. */
public final class RevocationEndpoint {

  private final EndpointCaller caller;

  /** The revocation endpoint among the endpoints of a server. */
  public RevocationEndpoint(EndpointCaller caller) {
    this.caller = caller;
  }

  /**
   * Revokes a token once. A token that the server does not know counts as revoked.
   *
   * @param typeHint the {@code token_type_hint}; empty leaves it out
   * @param deadline for the whole exchange, body included
   * @throws dev.everbearer.token.OAuthException when the token may still live
   * @throws InterruptedException when interrupted
   */
  public void revoke(Secret token, String typeHint, Duration deadline) throws InterruptedException {
    FormBody form = new FormBody().add("token", token.reveal());
    if (!typeHint.isEmpty()) {
      form.add("token_type_hint", typeHint);
    }
    caller.post(
        new Post(Endpoint.REVOCATION, form, deadline, false), RevocationEndpoint::requireRevoked);
  }

  private static HttpAnswer requireRevoked(Exchange exchange) {
    HttpAnswer answer = exchange.answer();
    boolean isStrict = exchange.profile().isStrict();
    // 1. By its status alone, whatever the body (section 2.2); some servers answer 204.
    if (answer.status() == 200 || (!isStrict && answer.status() / 100 == 2)) {
      return answer;
    }
    Failure failure = exchange.errors().read(answer);
    // 2. A token that is not known is revoked; Google says so by an error.
    if (!isStrict && failure.error().filter("invalid_token"::equals).isPresent()) {
      return answer;
    }
    throw failure.toException();
  }
}
