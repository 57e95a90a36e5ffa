package dev.everbearer.protocol;

import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.protocol.BearerCaller.Credential;
import dev.everbearer.protocol.BearerCaller.Request;
import dev.everbearer.protocol.RegistrationReader.UnusableRegistrationException;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.JsonBody;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Registers clients (RFC 7591 section 3) and manages what was registered (RFC 7592 section 2).
 * Thread-safe.
 */
public final class RegistrationEndpoint {

  private static final String JSON = "application/json";

  private final BearerCaller caller;
  private final EndpointRules rules;

  /** The registration endpoint among the endpoints of a server. */
  public RegistrationEndpoint(BearerCaller caller, EndpointRules rules) {
    this.caller = caller;
    this.rules = rules;
  }

  /** The server's metadata. */
  public AuthorizationServer server() throws InterruptedException {
    return caller.server();
  }

  /**
   * Registers a client, once: what went wrong is not repeated, for it may have been registered.
   *
   * @param initialAccessToken allows to register; null when none is needed
   * @param deadline for the whole exchange, body included
   * @throws OAuthException when no client was registered, or one that is of no use
   * @throws InterruptedException when interrupted
   */
  public ClientRegistration register(
      ClientMetadata asked, @Nullable Secret initialAccessToken, Duration deadline)
      throws InterruptedException {
    AuthorizationServer server = caller.server();
    URI endpoint = caller.uri(server, Endpoint.REGISTRATION);
    BearerAnswer answer =
        caller.call(
            new Request(
                Endpoint.REGISTRATION,
                "POST",
                endpoint,
                initialAccessToken == null ? null : Credential.bearer(initialAccessToken),
                new JsonBody(asked.members()),
                JSON),
            deadline);
    // 1. Success is 201 (section 3.2.1); some servers answer 200.
    boolean isOk = answer.http().status() == 200 && !answer.isStrict();
    answer.requireStatus(isOk ? 200 : 201);
    Map<String, Object> members = answer.object();
    // 2. The server's word counts.
    OAuthException unusable = unusable(answer, members, asked, false);
    if (unusable != null) {
      throw unusable;
    }
    return ClientRegistration.of(server.issuer().orElse(null), members);
  }

  /**
   * Reads a registration (RFC 7592 section 2.1).
   *
   * @throws OAuthException when it cannot be read
   * @throws InterruptedException when interrupted
   */
  public ClientRegistration read(ClientRegistration registration, Duration deadline)
      throws InterruptedException {
    return replaced(
        registration, registration.metadata(), manage(registration, "GET", null, deadline));
  }

  /**
   * Registers other metadata in place of what was (RFC 7592 section 2.2). The credentials in the
   * answer replace those that were.
   *
   * @throws OAuthException when it was not changed, or into something that is of no use
   * @throws InterruptedException when interrupted
   */
  public ClientRegistration update(
      ClientRegistration registration, ClientMetadata asked, Duration deadline)
      throws InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("client_id", registration.clientId());
    body.putAll(asked.members());
    return replaced(registration, asked, manage(registration, "PUT", new JsonBody(body), deadline));
  }

  private ClientRegistration replaced(
      ClientRegistration before, ClientMetadata asked, BearerAnswer answer) {
    answer.requireStatus(200);
    Map<String, Object> members = answer.object();
    OAuthException unusable = unusable(answer, members, asked, before.clientSecret().isPresent());
    if (unusable != null) {
      throw unusable;
    }
    if (!before.clientId().equals(members.get("client_id"))) {
      throw answer
          .errors()
          .unusable(answer.http(), "it is of another client than " + before.clientId())
          .toException();
    }
    return before.replacedBy(members);
  }

  /**
   * Deletes a registration (RFC 7592 section 2.3).
   *
   * @throws OAuthException when it was not deleted
   * @throws InterruptedException when interrupted
   */
  public void delete(ClientRegistration registration, Duration deadline)
      throws InterruptedException {
    BearerAnswer answer = manage(registration, "DELETE", null, deadline);
    boolean isOk = answer.http().status() == 200 && !answer.isStrict();
    answer.requireStatus(isOk ? 200 : 204);
  }

  private BearerAnswer manage(
      ClientRegistration registration, String method, @Nullable JsonBody body, Duration deadline)
      throws InterruptedException {
    URI uri = rules.check("registration_client_uri", registration.configurationUri().orElseThrow());
    Secret token = registration.registrationAccessToken().orElseThrow();
    return caller.call(
        new Request(Endpoint.REGISTRATION, method, uri, Credential.bearer(token), body, JSON),
        deadline);
  }

  private @Nullable OAuthException unusable(
      BearerAnswer answer, Map<String, Object> members, ClientMetadata asked, boolean hasSecret) {
    try {
      new RegistrationReader(rules, answer.isStrict(), answer.http().uri())
          .check(members, asked, hasSecret);
      return null;
    } catch (UnusableRegistrationException e) {
      return answer.errors().unusable(answer.http(), e.getMessage()).toException();
    }
  }
}
