package dev.everbearer.testing.server;

import java.util.Set;

/** The token type identifiers of RFC 8693 section 3, and one more. */
final class TokenTypes {

  private static final String PREFIX = "urn:ietf:params:oauth:token-type:";

  static final String ACCESS_TOKEN = PREFIX + "access_token";
  static final String REFRESH_TOKEN = PREFIX + "refresh_token";
  static final String ID_TOKEN = PREFIX + "id_token";
  static final String JWT = PREFIX + "jwt";
  static final String SAML1 = PREFIX + "saml1";
  static final String SAML2 = PREFIX + "saml2";
  static final String ID_JAG = PREFIX + "id-jag";

  static final Set<String> ALL =
      Set.of(ACCESS_TOKEN, REFRESH_TOKEN, ID_TOKEN, JWT, SAML1, SAML2, ID_JAG);

  private TokenTypes() {}

  static void requireKnown(String type) {
    if (!ALL.contains(type)) {
      throw OAuthError.invalidRequest("The token type is unknown: " + type);
    }
  }
}
