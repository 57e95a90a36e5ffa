package dev.everbearer.grant;

import dev.everbearer.token.AuthorizationDetail;
import dev.everbearer.token.Scope;
import java.net.URI;
import java.util.List;

/**
 * What every grant can ask for. Each method gives a new grant and leaves this one as it is.
 *
 * @param <G> the kind of grant
 */
public abstract sealed class ScopedGrant<G extends ScopedGrant<G>> extends Grant
    permits ClientCredentialsGrant,
        RefreshTokenGrant,
        ConnectedGrant,
        AssertionGrant,
        TokenExchangeGrant,
        CustomGrant,
        InteractiveGrant {

  private final Request request;

  ScopedGrant(Request request) {
    this.request = request;
  }

  abstract G with(Request newRequest);

  @Override
  public final Request request() {
    return request;
  }

  /**
   * Asks for a scope, in place of any before.
   *
   * @param tokens scope tokens; one argument may hold several, separated by spaces
   * @throws IllegalArgumentException if a token has a character that RFC 6749 section 3.3 forbids
   */
  public final G scope(String... tokens) {
    return with(request.withScope(Scope.of(tokens)));
  }

  /**
   * Scopes that must be granted. When the server grants less, an {@code InsufficientScopeException}
   * is thrown and the token is not kept. None by default.
   */
  public final G requiredScope(String... tokens) {
    return with(request.withRequiredScope(Scope.of(tokens)));
  }

  /**
   * Adds a resource indicator (RFC 8707).
   *
   * @throws IllegalArgumentException unless it is an absolute URI without a fragment
   */
  public final G resource(String resource) {
    return with(request.withResource(URI.create(resource)));
  }

  /** Adds an {@code audience}, as some servers want it in place of a resource. */
  public final G audience(String audience) {
    return with(request.withAudience(audience));
  }

  /**
   * Asks for authorization details (RFC 9396), in place of any before. What is granted is at {@code
   * TokenSet.authorizationDetails()}.
   */
  public final G authorizationDetails(AuthorizationDetail... details) {
    return with(request.withDetails(List.of(details)));
  }

  /**
   * Adds a free extra parameter to the token request.
   *
   * @throws IllegalArgumentException if the name is one that the library sets, is set already, or
   *     name or value is empty
   */
  public final G parameter(String name, String value) {
    return with(request.withParameter(name, value, this::isReserved));
  }

  /** Whether the library sets a parameter itself. */
  boolean isReserved(String parameter) {
    return Request.isReserved(parameter);
  }
}
