package dev.everbearer.jose;

import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signed JWT in compact form (RFC 7515 section 3.1), well-formed but not yet verified. Of its
 * header only {@code alg} and {@code kid} ever choose a key: {@code jku}, {@code x5u}, {@code jwk}
 * and {@code x5c} are where an attacker would bring a key along.
 */
public final class CompactJws {

  /** The longest JWT that is looked at, in characters. */
  static final int MAX_LENGTH = 64 * 1024;

  private static final int PARTS = 3;
  private static final int ENCRYPTED_PARTS = 5;

  private final Map<String, Object> header;
  private final Claims claims;
  private final byte[] signingInput;
  private final byte[] signature;

  private CompactJws(
      Map<String, Object> header, Claims claims, byte[] signingInput, byte[] signature) {
    this.header = header;
    this.claims = claims;
    this.signingInput = signingInput;
    this.signature = signature;
  }

  /**
   * Takes a JWT apart.
   *
   * @throws InvalidJwtException if its form is not exactly that of RFC 7515 section 3.1, if header
   *     or claims are not strict JSON, or if it has extensions that must be understood
   */
  public static CompactJws parse(String token) throws InvalidJwtException {
    // 1. Its size, before any work is done for it.
    if (token.length() > MAX_LENGTH) {
      throw new InvalidJwtException("it is longer than " + MAX_LENGTH + " characters");
    }
    // 2. The compact form alone.
    String[] parts = parts(token);
    // 3. The header, without extensions: we know none (RFC 7515 section 4.1.11).
    Map<String, Object> header = json("header", bytes("header", parts[0]));
    if (header.containsKey("crit")) {
      throw new InvalidJwtException("it has critical extensions (crit), of which none is known");
    }
    // 4. The claims and the signature.
    Claims claims = new Claims(json("claims", bytes("claims", parts[1])));
    byte[] signature = bytes("signature", parts[2]);
    if (signature.length == 0) {
      throw new InvalidJwtException("it is not signed");
    }
    byte[] input = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    return new CompactJws(header, claims, input, signature);
  }

  /** Whether a token has the form of an encrypted JWT (RFC 7516 section 3.1). */
  public static boolean isEncrypted(String token) {
    return token.length() <= MAX_LENGTH && token.split("\\.", -1).length == ENCRYPTED_PARTS;
  }

  private static String[] parts(String token) throws InvalidJwtException {
    if (token.startsWith("{")) {
      throw new InvalidJwtException("it is a JWS in JSON serialisation, which no JWT may be");
    }
    String[] parts = token.split("\\.", PARTS + ENCRYPTED_PARTS);
    if (parts.length == ENCRYPTED_PARTS) {
      throw new InvalidJwtException("it is encrypted, and no key was given to decrypt it");
    }
    if (parts.length != PARTS) {
      throw new InvalidJwtException("it has not three parts, as a signed JWT has");
    }
    return parts;
  }

  private static byte[] bytes(String part, String text) throws InvalidJwtException {
    try {
      return Base64Url.decode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidJwtException("its " + part + " is not strict base64url");
    }
  }

  private static Map<String, Object> json(String part, byte[] bytes) throws InvalidJwtException {
    try {
      return StrictJson.object(bytes);
    } catch (BrokenJsonException e) {
      throw new InvalidJwtException("its " + part + " cannot be read: " + e.getMessage());
    }
  }

  /** A header parameter that is a string; null when it is absent or anything else. */
  public @Nullable String headerText(String name) {
    return header.get(name) instanceof String text ? text : null;
  }

  /** The algorithm that it claims; null when we know none such, {@code none} included. */
  public @Nullable SignatureAlgorithm algorithm() {
    return SignatureAlgorithm.named(header.get("alg"));
  }

  /**
   * The {@code kid}; null when there is none.
   *
   * @throws InvalidJwtException if it is not a string
   */
  @Nullable String keyId() throws InvalidJwtException {
    if (header.containsKey("kid") && headerText("kid") == null) {
      throw new InvalidJwtException("its kid is not a string");
    }
    return headerText("kid");
  }

  /** The claims. */
  public Claims claims() {
    return claims;
  }

  byte[] signingInput() {
    return signingInput;
  }

  byte[] signature() {
    return signature;
  }

  /** The algorithm; nothing of the claims. */
  @Override
  public String toString() {
    return "CompactJws[" + algorithm() + "]";
  }
}
