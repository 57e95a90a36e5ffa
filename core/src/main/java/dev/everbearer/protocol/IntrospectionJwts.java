package dev.everbearer.protocol;

import dev.everbearer.jose.Claims;
import dev.everbearer.jose.CompactJws;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.Introspection;
import dev.everbearer.wire.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads introspection answers that are JWTs (RFC 9701 section 5). Thread-safe. */
public final class IntrospectionJwts {

  /** What is asked for, and what must come. */
  static final String MEDIA_TYPE = "application/token-introspection+jwt";

  private static final String TYPE = "token-introspection+jwt";
  private static final String MEMBER = "token_introspection";
  private static final Duration MAX_AHEAD = Duration.ofMinutes(1);
  private static final Duration MAX_BEHIND = Duration.ofMinutes(10);

  private final RegisteredJwts jwts;
  private final InstantSource wall;

  /** By what is registered about them: without an algorithm it is RS256 (section 6). */
  public IntrospectionJwts(RegisteredJwts jwts, InstantSource wall) {
    this.jwts = jwts;
    this.wall = wall;
  }

  /**
   * What a successful answer says.
   *
   * @throws InvalidJwtException if it is not such a JWT, or not good
   * @throws dev.everbearer.token.OAuthException when the server's keys cannot be had
   * @throws InterruptedException when interrupted
   */
  Introspection read(HttpAnswer answer, AuthorizationServer server)
      throws InvalidJwtException, InterruptedException {
    // 1. Its kind, outside and inside, so that no other JWT is taken for it (section 8.1).
    if (!answer.mediaType().equals(MEDIA_TYPE)) {
      throw new InvalidJwtException("it is not " + MEDIA_TYPE + ", which was asked for");
    }
    CompactJws jwt = jwts.parse(new String(answer.body(), StandardCharsets.UTF_8).trim());
    String type = jwt.headerText("typ");
    String name = type == null ? "" : type.toLowerCase(Locale.ROOT);
    if (!name.equals(TYPE) && !name.equals(MEDIA_TYPE)) {
      throw new InvalidJwtException("by its typ it is another kind of JWT");
    }
    // 2. The signature, who made it and for whom.
    jwts.verify(jwt, server, null);
    // 3. When it was made.
    Instant made = jwt.claims().requiredInstant("iat");
    Instant now = wall.instant();
    if (made.isAfter(now.plus(MAX_AHEAD)) || made.isBefore(now.minus(MAX_BEHIND))) {
      throw new InvalidJwtException(
          "it was made at " + made + ", and by this machine's clock it is " + now);
    }
    // 4. What it says of the token stands in one member, and nowhere else.
    return IntrospectionEndpoint.read(members(jwt.claims()));
  }

  private static Map<String, Object> members(Claims claims) throws InvalidJwtException {
    if (!(claims.members().get(MEMBER) instanceof Map<?, ?> found)) {
      throw new InvalidJwtException("it has no object token_introspection");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    found.forEach((name, value) -> members.put(String.valueOf(name), value));
    return members;
  }
}
