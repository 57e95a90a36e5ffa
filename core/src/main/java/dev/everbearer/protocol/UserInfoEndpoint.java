package dev.everbearer.protocol;

import dev.everbearer.jose.AlgorithmRule;
import dev.everbearer.jose.Claims;
import dev.everbearer.jose.CompactJws;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.jose.JwtVerifier;
import dev.everbearer.jose.KeySource;
import dev.everbearer.protocol.BearerCaller.Request;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Secret;
import dev.everbearer.token.UserInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The exchange with the UserInfo endpoint (OpenID Connect Core section 5.3). Thread-safe. */
public final class UserInfoEndpoint {

  private static final String JWT = "application/jwt";
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private final BearerCaller caller;
  private final KeySource keys;
  private final String clientId;
  private final InstantSource wall;

  /** The UserInfo endpoint among the endpoints of a server, for one client. */
  public UserInfoEndpoint(
      BearerCaller caller, KeySource keys, String clientId, InstantSource wall) {
    this.caller = caller;
    this.keys = keys;
    this.clientId = clientId;
    this.wall = wall;
  }

  /**
   * What is expected of an answer.
   *
   * @param subject of the ID token
   * @param signedBy the registered {@code userinfo_signed_response_alg}; null when none is
   */
  public record Expected(String subject, @Nullable String signedBy) {}

  /**
   * Asks once.
   *
   * @param deadline for the whole exchange, body included
   * @throws dev.everbearer.token.OAuthException when there is no answer that can be trusted
   * @throws InterruptedException when interrupted
   */
  public UserInfo ask(AccessToken token, Expected expected, Duration deadline)
      throws InterruptedException {
    AuthorizationServer server = caller.server();
    BearerAnswer answer =
        caller.call(
            new Request(
                Endpoint.USERINFO,
                "GET",
                caller.uri(server, Endpoint.USERINFO),
                Secret.of(token.authorization()),
                null,
                expected.signedBy() == null ? "application/json" : JWT),
            deadline);
    try {
      return read(answer, server, expected);
    } catch (InvalidJwtException e) {
      throw answer.errors().unusable(answer.http(), e.getMessage()).toException();
    }
  }

  private UserInfo read(BearerAnswer answer, AuthorizationServer server, Expected expected)
      throws InvalidJwtException, InterruptedException {
    // 1. A success, signed if that was registered (section 5.3.2).
    answer.requireStatus(200);
    boolean isSigned = answer.http().mediaType().equals(JWT);
    if (!isSigned && expected.signedBy() != null) {
      throw new InvalidJwtException("it is not signed, and signed answers were registered");
    }
    // 2. The claims, of a signed answer once it is verified.
    Claims claims =
        isSigned
            ? verified(new String(answer.http().body(), StandardCharsets.UTF_8), server, expected)
            : new Claims(answer.members());
    // 3. They are of the person of the ID token (section 5.3.4).
    if (!claims.requiredText("sub").equals(expected.subject())) {
      throw new InvalidJwtException("its sub is not that of the ID token, so it is of another");
    }
    return UserInfo.of(claims.members());
  }

  private Claims verified(String compact, AuthorizationServer server, Expected expected)
      throws InvalidJwtException, InterruptedException {
    CompactJws jwt = CompactJws.parse(compact.trim());
    // 1. It is no other kind of JWT (RFC 8725 section 3.11).
    String type = jwt.headerText("typ");
    Claims claims = jwt.claims();
    boolean isOtherKind = type != null && !type.toLowerCase(Locale.ROOT).matches("(.*/)?jwt");
    if (isOtherKind || claims.has("events") || claims.has("token_introspection")) {
      throw new InvalidJwtException("it is another kind of JWT");
    }
    // 2. The signature.
    JwtVerifier.byKeys(rule(server, expected.signedBy()), keys).verify(jwt);
    // 3. Issuer and audience (section 5.3.2), and the time, if it has one.
    if (!claims.requiredText("iss").equals(server.issuer().orElse(null))) {
      throw new InvalidJwtException("it is of another issuer");
    }
    if (!claims.requiredTexts("aud").contains(clientId)) {
      throw new InvalidJwtException("it is for another client");
    }
    Instant end = claims.instant("exp");
    if (end != null && !wall.instant().isBefore(end.plus(TOLERANCE))) {
      throw new InvalidJwtException("it ended at " + end);
    }
    return claims;
  }

  private static AlgorithmRule rule(AuthorizationServer server, @Nullable String registered) {
    return registered != null
        ? AlgorithmRule.registered(registered)
        : AlgorithmRule.listed(server.listed("userinfo_signing_alg_values_supported").orElse(null));
  }
}
