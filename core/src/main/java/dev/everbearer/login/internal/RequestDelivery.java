package dev.everbearer.login.internal;

import dev.everbearer.client.RequestObject;
import dev.everbearer.client.SigningKey;
import dev.everbearer.protocol.PushedAuthorization;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.wire.FormBody;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings an authorization request to the server as strongly as the two can: signed if there is a
 * key for it (RFC 9101), pushed if the server has an endpoint for it (RFC 9126), else in the URL.
 */
public final class RequestDelivery implements FrontChannel {

  private static final String MUST_PUSH = "require_pushed_authorization_requests";
  private static final String MUST_SIGN = "require_signed_request_object";

  private final String clientId;
  private final PushedAuthorization pushed;
  private final @Nullable Supplier<SigningKey> keys;
  private final Duration exchangeTimeout;
  private final InstantSource wall;

  /**
   * The delivery of one client's requests.
   *
   * @param keys sign requests; null when they are not to be signed
   */
  public RequestDelivery(
      String clientId,
      PushedAuthorization pushed,
      @Nullable Supplier<SigningKey> keys,
      Duration exchangeTimeout,
      InstantSource wall) {
    this.clientId = clientId;
    this.pushed = pushed;
    this.keys = keys;
    this.exchangeTimeout = exchangeTimeout;
    this.wall = wall;
  }

  @Override
  public FormBody inUrl(AuthorizationServer server, FormBody parameters)
      throws InterruptedException {
    FormBody request = keys == null ? unsigned(server, parameters) : signed(server, parameters);
    if (server.endpoint(Endpoint.PUSHED_AUTHORIZATION_REQUEST).isPresent()) {
      return reference(pushed.push(request, exchangeTimeout));
    }
    if (server.says(MUST_PUSH)) {
      throw LoginFailures.of(
          server,
          "it takes pushed authorization requests only (%s), and its metadata has no endpoint for"
                  .formatted(MUST_PUSH)
              + " them. Ask its operator.");
    }
    return request;
  }

  private static FormBody unsigned(AuthorizationServer server, FormBody parameters) {
    if (server.says(MUST_SIGN)) {
      throw LoginFailures.of(
          server,
          "it takes signed authorization requests only (%s), and this client has no key for them."
                  .formatted(MUST_SIGN)
              + " Configure signedRequests(...).");
    }
    return parameters;
  }

  private FormBody signed(AuthorizationServer server, FormBody parameters) {
    SigningKey key = keys == null ? null : keys.get();
    if (key == null) {
      throw new IllegalStateException("The supplier of the signing key gave null.");
    }
    Map<String, Object> members = parameters.members();
    return new FormBody()
        .add("client_id", clientId)
        .add("request", RequestObject.signed(key, server, clientId, members, wall));
  }

  /** Nothing else stands in the URL (RFC 9126 section 4). */
  private FormBody reference(String requestUri) {
    return new FormBody().add("client_id", clientId).add("request_uri", requestUri);
  }
}
