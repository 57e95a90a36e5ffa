package dev.everbearer.testing.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** Id and secret from an {@code Authorization: Basic} header field (RFC 6749 section 2.3.1). */
record BasicCredentials(String id, String secret) {

  static BasicCredentials parse(String authorization) {
    if (!authorization.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      throw OAuthError.invalidClient("The Authorization scheme must be Basic");
    }
    String userPass = userPass(authorization.substring(6).strip());
    int colon = userPass.indexOf(':');
    if (colon < 0) {
      throw OAuthError.invalidClient("The Authorization header holds no colon");
    }
    try {
      String id = FormData.decode(userPass.substring(0, colon));
      return new BasicCredentials(id, FormData.decode(userPass.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw OAuthError.invalidClient("Id and secret must be form-encoded: " + e.getMessage());
    }
  }

  private static String userPass(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      throw OAuthError.invalidClient("The Authorization header is not Base64");
    }
  }
}
