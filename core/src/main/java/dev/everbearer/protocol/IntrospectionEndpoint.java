package dev.everbearer.protocol;

import dev.everbearer.jose.Claims;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.protocol.EndpointCaller.Post;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.Introspection;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.FormBody;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exchange with the introspection endpoint (RFC 7662 section 2), answered by JSON or by a JWT
 * (RFC 9701). Thread-safe.
 */
public final class IntrospectionEndpoint {

  private static final List<String> TEXTS =
      List.of("scope", "client_id", "username", "token_type", "sub", "iss", "jti");
  private static final List<String> INSTANTS = List.of("exp", "iat", "nbf");

  private final EndpointCaller caller;
  private final @Nullable IntrospectionJwts jwts;

  /**
   * The introspection endpoint among the endpoints of a server.
   *
   * @param jwts reads JWTs, and then nothing else will do; null when JSON is wanted
   */
  public IntrospectionEndpoint(EndpointCaller caller, @Nullable IntrospectionJwts jwts) {
    this.caller = caller;
    this.jwts = jwts;
  }

  /**
   * Asks once.
   *
   * @param typeHint the {@code token_type_hint}; empty leaves it out
   * @param deadline for the whole exchange, body included
   * @throws dev.everbearer.token.OAuthException when there is no answer; it says nothing of the
   *     token
   * @throws InterruptedException when interrupted
   */
  public Introspection introspect(Secret token, String typeHint, Duration deadline)
      throws InterruptedException {
    FormBody form = new FormBody().add("token", token.reveal());
    if (!typeHint.isEmpty()) {
      form.add("token_type_hint", typeHint);
    }
    IntrospectionJwts reader = jwts;
    if (reader == null) {
      return caller.post(
          new Post(Endpoint.INTROSPECTION, form, deadline, false), IntrospectionEndpoint::read);
    }
    Exchange exchange =
        caller.post(
            new Post(Endpoint.INTROSPECTION, form, deadline, false, IntrospectionJwts.MEDIA_TYPE),
            IntrospectionEndpoint::requireSuccess);
    try {
      return reader.read(exchange.answer(), exchange.server());
    } catch (InvalidJwtException e) {
      throw exchange.errors().unusable(exchange.answer(), e.getMessage()).toException();
    }
  }

  private static Exchange requireSuccess(Exchange exchange) {
    new ObjectAnswer(exchange).requireSuccess();
    return exchange;
  }

  private static Introspection read(Exchange exchange) {
    ObjectAnswer answer = new ObjectAnswer(exchange);
    Map<String, Object> members = answer.members();
    try {
      return read(members);
    } catch (InvalidJwtException e) {
      throw answer.unusable(e.getMessage());
    }
  }

  /** What the members say, once each of those that RFC 7662 names has its type. */
  static Introspection read(Map<String, Object> members) throws InvalidJwtException {
    // 1. "active" is a boolean and nothing that looks like one (section 2.2).
    if (!(members.get("active") instanceof Boolean active)) {
      throw new InvalidJwtException("its active is neither true nor false");
    }
    // 2. Of a token that is not active nothing else is of interest.
    if (!active) {
      return Introspection.of(Map.of("active", false));
    }
    // 3. What limits the token must be understood.
    Claims claims = new Claims(members);
    for (String name : TEXTS) {
      if (!"".equals(members.get(name))) {
        claims.text(name);
      }
    }
    for (String name : INSTANTS) {
      claims.instant(name);
    }
    claims.texts("aud");
    if (claims.has("cnf") && !(members.get("cnf") instanceof Map<?, ?>)) {
      throw new InvalidJwtException("its cnf is not an object");
    }
    return Introspection.of(members);
  }
}
