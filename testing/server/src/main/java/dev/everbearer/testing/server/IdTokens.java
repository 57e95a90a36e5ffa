package dev.everbearer.testing.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes ID tokens (OpenID Connect Core section 2). */
final class IdTokens {

  private static final Duration LIFETIME = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final ResponseJwts jwts;

  IdTokens(InstantSource clock, ResponseJwts jwts) {
    this.clock = clock;
    this.jwts = jwts;
  }

  String make(RegisteredClient client, Login login, String accessToken, @Nullable String nonce) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", login.subject());
    claims.put("exp", clock.instant().plus(LIFETIME).getEpochSecond());
    claims.put("auth_time", login.authTime().getEpochSecond());
    if (login.acr() != null) {
      claims.put("acr", login.acr());
    }
    if (nonce != null) {
      claims.put("nonce", nonce);
    }
    claims.put("at_hash", leftHalf(ResponseJwts.algorithm(JwtKind.ID_TOKEN, client), accessToken));
    return jwts.compact(JwtKind.ID_TOKEN, client, claims);
  }

  /** The left half of the hash of a value (OpenID Connect Core section 3.1.3.6). */
  static String leftHalf(String algorithm, String value) {
    try {
      byte[] hash =
          MessageDigest.getInstance(digest(algorithm))
              .digest(value.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, hash.length / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-2", e);
    }
  }

  private static String digest(String algorithm) {
    if (algorithm.endsWith("384")) {
      return "SHA-384";
    }
    return algorithm.endsWith("512") || Ed25519.isNamed(algorithm) ? "SHA-512" : "SHA-256";
  }
}
