package dev.everbearer.grant;

/**
 * The token type identifiers of RFC 8693 section 3. They say what a token that is exchanged is, not
 * how it is sent; other URIs may be used as well.
 */
public final class TokenType {

  /** An access token of this server. */
  public static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  /** A refresh token of this server. */
  public static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

  /** An ID token of OpenID Connect. */
  public static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";

  /** A SAML 1.1 assertion, in base64url. */
  public static final String SAML1 = "urn:ietf:params:oauth:token-type:saml1";

  /** A SAML 2.0 assertion, in base64url. */
  public static final String SAML2 = "urn:ietf:params:oauth:token-type:saml2";

  /** A JWT of anybody, such as a platform's. */
  public static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  private TokenType() {}
}
