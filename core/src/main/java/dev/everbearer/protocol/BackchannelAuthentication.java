package dev.everbearer.protocol;

import dev.everbearer.grant.AssertionSource;
import dev.everbearer.grant.CibaGrant;
import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.protocol.EndpointCaller.Post;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.FormBody;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The backchannel authentication endpoint (CIBA Core section 7). Thread-safe. */
public final class BackchannelAuthentication {

  private final EndpointCaller caller;

  /** The endpoint among the endpoints of a server. */
  public BackchannelAuthentication(EndpointCaller caller) {
    this.caller = caller;
  }

  /**
   * Has the server ask a person.
   *
   * @param notificationToken by which the server shows who it is when it notifies us; null when it
   *     does not
   * @param deadline for the whole exchange, body included
   * @throws dev.everbearer.token.OAuthException if the server refuses it, or has no such endpoint
   * @throws InterruptedException when interrupted
   */
  public PendingLogin request(
      CibaGrant grant, @Nullable Secret notificationToken, Duration deadline)
      throws InterruptedException {
    DetailTypes.require(caller.server(), grant.request().details());
    FormBody form = TokenRequest.target(grant);
    form.add(grant.hint().parameter(), grant.hint().value().reveal());
    AssertionSource userCode = grant.userCode().orElse(null);
    if (userCode != null) {
      form.add("user_code", userCode.get().reveal());
    }
    if (notificationToken != null) {
      form.add("client_notification_token", notificationToken.reveal());
    }
    return caller.post(
        new Post(Endpoint.BACKCHANNEL_AUTHENTICATION, form, deadline, false),
        BackchannelAuthentication::read);
  }

  private static PendingLogin read(Exchange exchange) {
    ObjectAnswer answer = new ObjectAnswer(exchange);
    return PendingLogin.read("auth_req_id", answer.members(), exchange, answer);
  }
}
