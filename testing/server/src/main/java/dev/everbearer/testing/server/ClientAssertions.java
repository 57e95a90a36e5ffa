package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** Checks the JWTs by which clients authenticate (RFC 7523 section 3 and its revision). */
final class ClientAssertions {

  private final InstantSource clock;
  private final ClientAssertionRules rules;
  private final ReplayMemory seen;

  ClientAssertions(InstantSource clock, ClientAssertionRules rules) {
    this.clock = clock;
    this.rules = rules;
    this.seen = new ReplayMemory(clock);
  }

  static boolean isIn(OAuthForm form) {
    return form.has("client_assertion") || form.has("client_assertion_type");
  }

  void check(ClientAssertion assertion, RegisteredClient client) {
    try {
      check(assertion.jwt(), client, assertion.method());
    } catch (BadJwt e) {
      throw OAuthError.invalidClient("The client assertion is refused. " + e.description());
    }
  }

  private void check(ReceivedJwt jwt, RegisteredClient client, ClientAuthMethod method) {
    // 1. The header: type and algorithm.
    jwt.requireTyp(rules.typs());
    jwt.requireAlgorithm(rules.algorithms());
    // 2. The signature, by a key registered for this client.
    jwt.requireSignatureBy(
        method == ClientAuthMethod.CLIENT_SECRET_JWT ? secretOf(client) : client.keys());
    // 3. Issuer and subject are the client.
    jwt.require("iss", client.id());
    jwt.require("sub", client.id());
    // 4. The audience is this server.
    jwt.requireAudience(rules.audiences(), rules.areAudienceArraysAccepted());
    // 5. The times.
    Instant now = clock.instant();
    jwt.requireTimely(now, rules.longestLifetime());
    if (jwt.instant("iat").isBefore(now.minus(rules.longestLifetime()))) {
      throw new BadJwt("The iat lies too far back");
    }
    // 6. Never seen before.
    seen.requireFirstUse(client.id() + " " + jwt.requiredText("jti"), jwt.instant("exp"));
  }

  private static JWKSet secretOf(RegisteredClient client) {
    String secret = Objects.requireNonNullElse(client.secret(), "");
    return new JWKSet(
        new OctetSequenceKey.Builder(secret.getBytes(StandardCharsets.UTF_8)).build());
  }
}
