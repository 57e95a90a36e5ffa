package dev.everbearer.testing.server;

import dev.everbearer.testing.server.AuthorizationRequestReader.Received;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Sends the answers of the authorization endpoint (RFC 6749 section 4.1.2, RFC 9207, JARM). */
final class AuthorizationResponses {

  private static final Duration JWT_LIFETIME = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final Supplier<String> issuer;
  private final AuthorizationScript script;
  private final ResponseJwts jwts;

  AuthorizationResponses(
      InstantSource clock, Supplier<String> issuer, AuthorizationScript script, ResponseJwts jwts) {
    this.clock = clock;
    this.issuer = issuer;
    this.script = script;
    this.jwts = jwts;
  }

  /** Sends a code or an error to the client, with state and issuer. */
  Answer send(Received received, AuthorizationResponse outcome) {
    AuthorizationResponse response =
        received
            .parameters()
            .first("state")
            .map(state -> outcome.and("state", state))
            .orElse(outcome);
    String asked =
        received
            .parameters()
            .first("response_mode")
            .filter(ResponseMode.SUPPORTED::contains)
            .orElse("query");
    ResponseMode mode =
        ResponseMode.named(Objects.requireNonNullElse(script.responseMode(), asked));
    AuthorizationResponse whole =
        mode.isJwt()
            ? AuthorizationResponse.empty().and("response", jwt(received.client(), response))
            : response.and("iss", issuer.get());
    return mode.send(received.redirectUri(), script.alteration().apply(whole));
  }

  private String jwt(RegisteredClient client, AuthorizationResponse response) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("exp", clock.instant().plus(JWT_LIFETIME).getEpochSecond());
    response.parameters().forEach(each -> claims.put(each.name(), each.value()));
    return jwts.compact(JwtKind.AUTHORIZATION, client, claims);
  }
}
