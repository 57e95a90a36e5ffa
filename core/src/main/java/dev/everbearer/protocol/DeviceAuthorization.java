package dev.everbearer.protocol;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.protocol.EndpointCaller.Post;
import dev.everbearer.server.Endpoint;
import dev.everbearer.wire.Untrusted;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The device authorization endpoint (RFC 8628 sections 3.1 and 3.2). Thread-safe. */
public final class DeviceAuthorization {

  private static final int MAX_USER_CODE = 100;
  private static final int MAX_URI = 2000;

  private final EndpointCaller caller;

  /** The endpoint among the endpoints of a server. */
  public DeviceAuthorization(EndpointCaller caller) {
    this.caller = caller;
  }

  /**
   * What a person is to be shown, and what to ask the token endpoint with. What is to be shown has
   * no control characters.
   *
   * @param userCode what to enter
   * @param verificationUri where; not checked
   * @param verificationUriComplete the same with the code in it, not checked; null when there is
   *     none
   * @param pending the login that waits for the person
   */
  public record Answer(
      String userCode,
      String verificationUri,
      @Nullable String verificationUriComplete,
      PendingLogin pending) {

    /** Where to go; no code. */
    @Override
    public String toString() {
      return "Answer[" + verificationUri + "]";
    }
  }

  /**
   * Begins a login on another device.
   *
   * @param deadline for the whole exchange, body included
   * @throws dev.everbearer.token.OAuthException if the server refuses it, or has no such endpoint
   * @throws InterruptedException when interrupted
   */
  public Answer request(Grant grant, Duration deadline) throws InterruptedException {
    DetailTypes.require(caller.server(), grant.request().details());
    return caller.post(
        new Post(Endpoint.DEVICE_AUTHORIZATION, TokenRequest.target(grant), deadline, false),
        DeviceAuthorization::read);
  }

  private static Answer read(Exchange exchange) {
    ObjectAnswer answer = new ObjectAnswer(exchange);
    Map<String, Object> members = answer.members();
    PendingLogin pending = PendingLogin.read("device_code", members, exchange, answer);
    // Google writes verification_url.
    String uri = shown(members.get("verification_uri"), MAX_URI);
    String verificationUri = uri != null ? uri : shown(members.get("verification_url"), MAX_URI);
    String userCode = shown(members.get("user_code"), MAX_USER_CODE);
    if (userCode == null || verificationUri == null) {
      throw answer.unusable(
          "it has no " + (userCode == null ? "user_code" : "verification_uri") + " to be shown");
    }
    return new Answer(
        userCode,
        verificationUri,
        shown(members.get("verification_uri_complete"), MAX_URI),
        pending);
  }

  /** Fit to be shown; null when there is nothing, or too much of it. */
  private static @Nullable String shown(@Nullable Object value, int longest) {
    String shown = value instanceof String text ? Untrusted.printable(text, longest + 1) : "";
    return shown.isBlank() || shown.length() > longest ? null : shown.strip();
  }
}
