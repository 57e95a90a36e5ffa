package dev.everbearer.demo.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionAuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;

/** Asks the authorization server's own records about a token, with no margin around its expiry. */
record LedgerIntrospector(OAuth2AuthorizationService authorizations)
    implements OpaqueTokenIntrospector {

  /** The key that a token is bound to (RFC 9449 section 6). */
  private static final String BOUND_TO = "cnf";

  @Override
  public OAuth2AuthenticatedPrincipal introspect(String token) {
    var authorization = authorizations.findByToken(token, OAuth2TokenType.ACCESS_TOKEN);
    var accessToken = authorization == null ? null : authorization.getAccessToken();
    if (authorization == null || accessToken == null || !accessToken.isActive()) {
      throw new BadOpaqueTokenException("The token is unknown, expired or revoked");
    }
    return principal(authorization.getPrincipalName(), accessToken);
  }

  private static OAuth2AuthenticatedPrincipal principal(
      String user, OAuth2Authorization.Token<OAuth2AccessToken> token) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put(OAuth2TokenIntrospectionClaimNames.SUB, user);
    attributes.put(
        OAuth2TokenIntrospectionClaimNames.SCOPE, List.copyOf(token.getToken().getScopes()));
    Map<String, Object> claims = token.getClaims();
    if (claims != null && claims.containsKey(BOUND_TO)) {
      attributes.put(BOUND_TO, claims.get(BOUND_TO));
    }
    return new OAuth2IntrospectionAuthenticatedPrincipal(
        user, attributes, AuthorityUtils.NO_AUTHORITIES);
  }
}
