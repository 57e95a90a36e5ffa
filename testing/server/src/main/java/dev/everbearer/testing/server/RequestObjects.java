package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Checks signed authorization requests (RFC 9101 sections 4, 5, 6 and 10). */
final class RequestObjects {

  static final List<String> ALGORITHMS =
      List.of("ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "Ed25519", "EdDSA");

  private static final Duration LONGEST_LIFETIME = Duration.ofMinutes(5);
  private static final Set<String> JWT_CLAIMS = Set.of("iss", "aud", "exp", "iat", "nbf", "jti");

  private final Supplier<String> issuer;
  private final InstantSource clock;
  private final ReplayMemory seen;

  RequestObjects(InstantSource clock, Supplier<String> issuer) {
    this.clock = clock;
    this.issuer = issuer;
    this.seen = new ReplayMemory(clock);
  }

  /**
   * The parameters in a request object.
   *
   * @param outer the parameters that it was sent with
   * @throws OAuthError {@code invalid_request_object} or, for the outer ones, {@code
   *     invalid_request}
   */
  OAuthForm open(RegisteredClient client, OAuthForm outer) {
    try {
      ReceivedJwt jwt = ReceivedJwt.parse(outer.required("request"));
      check(jwt, client);
      OAuthForm inner = parameters(jwt);
      requireAgreement(outer, inner);
      return inner;
    } catch (BadJwt e) {
      throw OAuthError.of("invalid_request_object", e.description());
    }
  }

  private void check(ReceivedJwt jwt, RegisteredClient client) {
    // 1. Type, algorithm and signature; the algorithm is the registered one, if one is.
    jwt.requireTyp(List.of("oauth-authz-req+jwt"));
    jwt.requireAlgorithm(
        client.text("request_object_signing_alg").map(List::of).orElse(ALGORITHMS));
    jwt.requireSignatureBy(client.keys());
    // 2. It is of this client, for this server.
    jwt.require("iss", client.id());
    jwt.require("client_id", client.id());
    jwt.requireAudience(List.of(issuer.get()), false);
    // 3. It is of now, and new.
    jwt.requireTimely(clock.instant(), LONGEST_LIFETIME);
    seen.requireFirstUse(client.id() + " " + jwt.requiredText("jti"), jwt.instant("exp"));
    // 4. It can be nothing else.
    for (String forbidden : List.of("request", "request_uri", "sub")) {
      if (jwt.claims().containsKey(forbidden)) {
        throw new BadJwt("The request object must not hold " + forbidden);
      }
    }
  }

  private static OAuthForm parameters(ReceivedJwt jwt) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    jwt.claims()
        .forEach(
            (name, value) -> {
              if (!JWT_CLAIMS.contains(name)) {
                parameters.put(name, values(name, value));
              }
            });
    return OAuthForm.of(parameters, true);
  }

  private static List<String> values(String name, Object value) {
    if (value instanceof List<?> list && OAuthForm.isRepeatable(name)) {
      return list.stream().map(String::valueOf).toList();
    }
    return List.of(value instanceof String text ? text : Json.write(value));
  }

  /** What is sent outside for older servers must be the same as inside. */
  private static void requireAgreement(OAuthForm outer, OAuthForm inner) {
    for (String name : outer.names()) {
      if (!name.equals("request") && !outer.all(name).equals(inner.all(name))) {
        throw OAuthError.invalidRequest("The parameter is not the same in the request: " + name);
      }
    }
  }
}
