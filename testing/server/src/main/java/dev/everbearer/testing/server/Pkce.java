package dev.everbearer.testing.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Proof key for code exchange (RFC 7636), S256 only. */
final class Pkce {

  private Pkce() {}

  static void checkRequest(OAuthForm parameters, boolean required) {
    if (!parameters.has("code_challenge") && !parameters.has("code_challenge_method")) {
      if (required) {
        throw OAuthError.invalidRequest("The parameter is missing: code_challenge");
      }
      return;
    }
    if (!parameters.required("code_challenge_method").equals("S256")) {
      throw OAuthError.invalidRequest("The code_challenge_method must be S256");
    }
    if (!parameters.required("code_challenge").matches("[A-Za-z0-9_-]{43}")) {
      throw OAuthError.invalidRequest("The code_challenge is no SHA-256 in base64url");
    }
  }

  static void checkVerifier(OAuthForm request, OAuthForm tokenRequest) {
    if (!request.has("code_challenge")) {
      if (tokenRequest.has("code_verifier")) {
        throw OAuthError.of("invalid_grant", "A code_verifier without a code_challenge before");
      }
      return;
    }
    String verifier = tokenRequest.required("code_verifier");
    if (!verifier.matches("[A-Za-z0-9._~-]{43,128}")) {
      throw OAuthError.invalidRequest("The code_verifier is malformed");
    }
    if (!challenge(verifier).equals(request.required("code_challenge"))) {
      throw OAuthError.of("invalid_grant", "The code_verifier does not fit the code_challenge");
    }
  }

  static String challenge(String verifier) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
