package dev.everbearer.protocol;

import dev.everbearer.jose.Claims;
import dev.everbearer.jose.CompactJws;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.protocol.BearerCaller.Request;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.UserInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/** The exchange with the UserInfo endpoint (OpenID Connect Core section 5.3). Thread-safe. */
public final class UserInfoEndpoint {

  private static final String JWT = "application/jwt";
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private final BearerCaller caller;
  private final RegisteredJwts jwts;
  private final InstantSource wall;

  /**
   * The UserInfo endpoint among the endpoints of a server.
   *
   * @param jwts by what is registered about signed answers
   */
  public UserInfoEndpoint(BearerCaller caller, RegisteredJwts jwts, InstantSource wall) {
    this.caller = caller;
    this.jwts = jwts;
    this.wall = wall;
  }

  /**
   * Asks once.
   *
   * @param deadline for the whole exchange, body included
   * @throws dev.everbearer.token.OAuthException when there is no answer that can be trusted
   * @throws InterruptedException when interrupted
   */
  public UserInfo ask(AccessToken token, String subject, Duration deadline)
      throws InterruptedException {
    AuthorizationServer server = caller.server();
    Request request =
        new Request(
            Endpoint.USERINFO,
            "GET",
            caller.uri(server, Endpoint.USERINFO),
            BearerCaller.Credential.of(token),
            null,
            jwts.isRegistered() ? JWT : "application/json");
    BearerAnswer answer = caller.call(request, deadline);
    try {
      return read(answer, server, subject);
    } catch (InvalidJwtException e) {
      throw answer.errors().unusable(answer.http(), e.getMessage()).toException();
    }
  }

  private UserInfo read(BearerAnswer answer, AuthorizationServer server, String subject)
      throws InvalidJwtException, InterruptedException {
    // 1. A success, signed if that was registered (section 5.3.2).
    answer.requireStatus(200);
    boolean isSigned = answer.http().mediaType().equals(JWT);
    if (!isSigned && jwts.isRegistered()) {
      throw new InvalidJwtException("it is not signed, and signed answers were registered");
    }
    // 2. The claims, of a signed answer once it is verified.
    Claims claims =
        isSigned
            ? verified(new String(answer.http().body(), StandardCharsets.UTF_8), server)
            : new Claims(answer.members());
    // 3. They are of the person of the ID token (section 5.3.4).
    if (!claims.requiredText("sub").equals(subject)) {
      throw new InvalidJwtException("its sub is not that of the ID token, so it is of another");
    }
    return UserInfo.of(claims.members());
  }

  private Claims verified(String compact, AuthorizationServer server)
      throws InvalidJwtException, InterruptedException {
    CompactJws jwt = jwts.parse(compact.trim());
    // 1. It is no other kind of JWT (RFC 8725 section 3.11).
    String type = jwt.headerText("typ");
    Claims claims = jwt.claims();
    boolean isOtherKind = type != null && !type.toLowerCase(Locale.ROOT).matches("(.*/)?jwt");
    if (isOtherKind || claims.has("events") || claims.has("token_introspection")) {
      throw new InvalidJwtException("it is another kind of JWT");
    }
    // 2. Signature, issuer and audience (section 5.3.2).
    jwts.verify(jwt, server, "userinfo_signing_alg_values_supported");
    // 3. The time, if it has one.
    Instant end = claims.instant("exp");
    if (end != null && !wall.instant().isBefore(end.plus(TOLERANCE))) {
      throw new InvalidJwtException("it ended at " + end);
    }
    return claims;
  }
}
