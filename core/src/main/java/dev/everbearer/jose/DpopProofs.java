package dev.everbearer.jose;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes the proofs of RFC 9449 section 4.2. */
public final class DpopProofs {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private DpopProofs() {}

  /**
   * The request that a proof is for.
   *
   * @param method the HTTP method as it is sent
   * @param uri the URI as it is sent
   * @param accessToken the token beside it; null when there is none
   * @param nonce what the server wants to see again; null when it gave none
   * @param issuedAt now, by the wall clock
   */
  public record Claim(
      String method,
      URI uri,
      @Nullable String accessToken,
      @Nullable String nonce,
      Instant issuedAt) {

    /** The method alone: a URI may hold secrets, as the token is one. */
    @Override
    public String toString() {
      return "Claim[" + method + "]";
    }
  }

  /**
   * Writes a proof, with a new {@code jti} of 128 random bits.
   *
   * @param publicJwk the members of the public key
   * @param signature gives the signature, in JWS form, of what it is handed
   * @throws IllegalArgumentException if the URI has no host
   */
  public static String compact(
      SignatureAlgorithm algorithm,
      Map<String, ?> publicJwk,
      Claim claim,
      UnaryOperator<byte[]> signature) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("typ", "dpop+jwt");
    header.put("alg", algorithm.wireName());
    header.put("jwk", publicJwk);
    return JwtSigner.compact(header, claims(claim), signature);
  }

  private static Map<String, Object> claims(Claim claim) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", newId());
    claims.put("htm", claim.method());
    claims.put("htu", targetUri(claim.uri()));
    claims.put("iat", claim.issuedAt().getEpochSecond());
    if (claim.accessToken() != null) {
      claims.put("ath", tokenHash(claim.accessToken()));
    }
    if (claim.nonce() != null) {
      claims.put("nonce", claim.nonce());
    }
    return claims;
  }

  static String newId() {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    return Base64Url.encode(id);
  }

  /**
   * The {@code htu} of a URI: its origin and its path, without query and fragment; an empty path is
   * {@code /}, any other stays byte for byte as it is.
   */
  static String targetUri(URI uri) {
    return origin(uri) + (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
  }

  /**
   * Scheme, host and port in one spelling: lower case, without the default port. A WebSocket is
   * opened by an HTTP request, so its schemes become those of HTTP.
   *
   * @throws IllegalArgumentException if the URI has no host
   */
  public static String origin(URI uri) {
    if (uri.getScheme() == null || uri.getHost() == null) {
      throw new IllegalArgumentException("A proof is for an absolute URI with a host.");
    }
    String scheme = httpScheme(uri.getScheme().toLowerCase(Locale.ROOT));
    boolean isDefaultPort = uri.getPort() < 0 || uri.getPort() == defaultPort(scheme);
    return scheme
        + "://"
        + uri.getHost().toLowerCase(Locale.ROOT)
        + (isDefaultPort ? "" : ":" + uri.getPort());
  }

  private static String httpScheme(String scheme) {
    return switch (scheme) {
      case "ws" -> "http";
      case "wss" -> "https";
      default -> scheme;
    };
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** The {@code ath} of an access token. */
  static String tokenHash(String accessToken) {
    return Sha256.base64Url(accessToken);
  }
}
