package dev.everbearer.testing.server;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Tokens for a JWT of another issuer (RFC 7523 sections 2.1 and 3). */
final class JwtBearerGrant implements GrantType {

  static final String NAME = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  private static final List<String> ALGORITHMS =
      List.of("ES256", "ES384", "ES512", "PS256", "RS256", "Ed25519", "EdDSA");

  private final InstantSource clock;
  private final AssertionGrantRules rules;
  private final GrantRules grants;
  private final TokenIssuer issuer;
  private final ReplayMemory seen;

  JwtBearerGrant(
      InstantSource clock, AssertionGrantRules rules, GrantRules grants, TokenIssuer issuer) {
    this.clock = clock;
    this.rules = rules;
    this.grants = grants;
    this.issuer = issuer;
    this.seen = new ReplayMemory(clock);
  }

  @Override
  public Answer answer(TokenRequest request) {
    String assertion = request.form().required("assertion");
    Login login;
    try {
      login = check(ReceivedJwt.parse(assertion));
    } catch (BadJwt e) {
      throw OAuthError.of("invalid_grant", "The assertion is refused. " + e.description());
    }
    Grant grant = grants.grant(request.client().id(), request.form(), login);
    rules.accept(assertion);
    return issuer.issue(request, grant);
  }

  private Login check(ReceivedJwt jwt) {
    Instant now = clock.instant();
    // 1. The issuer is trusted, and it signed.
    String from = jwt.requiredText("iss");
    jwt.requireAlgorithm(ALGORITHMS);
    jwt.requireSignatureBy(rules.keysOf(from));
    // 2. Somebody is meant.
    String subject = jwt.requiredText("sub");
    // 3. This server is meant, and it alone.
    jwt.requireAudience(rules.audiences(), false);
    // 4. The times.
    jwt.requireTimely(now, rules.longestLifetime());
    // 5. An assertion with an id is used once.
    Optional<String> jti = jwt.text("jti");
    jti.ifPresent(id -> seen.requireFirstUse(from + " " + id, jwt.instant("exp")));
    return new Login(subject, now, null);
  }
}
