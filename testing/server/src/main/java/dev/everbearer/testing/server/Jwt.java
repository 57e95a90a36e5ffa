package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JWT (RFC 7519) to be signed, good or bad: any header parameter and any claim can be put in,
 * changed and left out, and the signature can be another's, an invented one, or none. Immutable.
 *
 * <pre>{@code
 * server.keys().jwt("ES256").claim("iss", "https://other.example").without("exp").compact()
 * server.keys().jwt("RS256").header("alg", "HS256").compact() // says one thing, does another
 * }</pre>
 */
public final class Jwt {

  /** Makes the signature of the signing input. */
  @FunctionalInterface
  private interface Signer {
    byte[] sign(byte[] input);
  }

  private final Map<String, @Nullable Object> header;
  private final Map<String, @Nullable Object> claims;
  private final Signer signer;
  private final @Nullable Encryption encryption;

  private Jwt(
      Map<String, @Nullable Object> header,
      Map<String, @Nullable Object> claims,
      Signer signer,
      @Nullable Encryption encryption) {
    this.header = Collections.unmodifiableMap(header);
    this.claims = Collections.unmodifiableMap(claims);
    this.signer = signer;
    this.encryption = encryption;
  }

  static Jwt signedBy(JWK key, String algorithm) {
    return new Jwt(new LinkedHashMap<>(), new LinkedHashMap<>(), input -> new byte[0], null)
        .resigned(key, algorithm);
  }

  /**
   * A JWT signed by a key of the test's own.
   *
   * @param privateJwk the private key or the secret as JWK, in JSON
   * @param algorithm the JWS algorithm, such as {@code ES256}
   */
  public static Jwt signedBy(String privateJwk, String algorithm) {
    return signedBy(parsed(privateJwk), algorithm);
  }

  /** The header parameters as they will be sent. */
  public Map<String, @Nullable Object> header() {
    return header;
  }

  /** The claims as they will be sent. */
  public Map<String, @Nullable Object> claims() {
    return claims;
  }

  /** With a header parameter, in place of that of the same name; the signature stays as it is. */
  public Jwt header(String name, @Nullable Object value) {
    return new Jwt(with(header, name, value), claims, signer, encryption);
  }

  /** Without a header parameter. */
  public Jwt withoutHeader(String name) {
    return new Jwt(without(header, name), claims, signer, encryption);
  }

  /** With a claim, in place of that of the same name; null is sent as null. */
  public Jwt claim(String name, @Nullable Object value) {
    return new Jwt(header, with(claims, name, value), signer, encryption);
  }

  /** With several claims. */
  public Jwt claims(Map<String, ?> more) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(claims);
    all.putAll(more);
    return new Jwt(header, all, signer, encryption);
  }

  /** Without a claim. */
  public Jwt without(String claim) {
    return new Jwt(header, without(claims, claim), signer, encryption);
  }

  /** Signed by another key; {@code alg} and {@code kid} become those of that key. */
  public Jwt resigned(String privateJwk, String algorithm) {
    return resigned(parsed(privateJwk), algorithm);
  }

  Jwt resigned(JWK key, String algorithm) {
    Map<String, @Nullable Object> changed = with(header, "alg", algorithm);
    changed.remove("kid");
    if (key.getKeyID() != null) {
      changed.put("kid", key.getKeyID());
    }
    return new Jwt(changed, claims, input -> Signatures.sign(algorithm, key, input), encryption);
  }

  /** Signed by HMAC with a secret, for example with the text of a public key. */
  public Jwt hmac(String algorithm, byte[] secret) {
    JWK key = new OctetSequenceKey.Builder(secret.clone()).build();
    return header("alg", algorithm).signer(input -> Signatures.sign(algorithm, key, input));
  }

  /** With {@code alg} {@code none} and an empty signature. */
  public Jwt unsigned() {
    return header("alg", "none").signer(input -> new byte[0]);
  }

  /** With these octets as signature. */
  public Jwt signature(byte[] octets) {
    byte[] copy = octets.clone();
    return signer(input -> copy.clone());
  }

  /** With one bit of the true signature turned over. */
  public Jwt brokenSignature() {
    return signer(
        input -> {
          byte[] octets = signer.sign(input);
          octets[octets.length / 2] ^= 1;
          return octets;
        });
  }

  /**
   * Signed, then encrypted to a public key as a nested JWT (RFC 7519 section 5.2).
   *
   * @param publicJwk an RSA or EC key as JWK, in JSON
   * @param alg such as {@code RSA-OAEP-256} or {@code ECDH-ES}
   * @param enc such as {@code A256GCM}
   */
  public Jwt encrypted(String publicJwk, String alg, String enc) {
    return encrypted(new Encryption(parsed(publicJwk), alg, enc, false, false));
  }

  /** As {@link #encrypted}, but the claims are encrypted without any signature. */
  public Jwt encryptedUnsigned(String publicJwk, String alg, String enc) {
    return encrypted(new Encryption(parsed(publicJwk), alg, enc, true, false));
  }

  /** As {@link #encrypted}, compressed before; a claim of many equal characters makes a bomb. */
  public Jwt encryptedCompressed(String publicJwk, String alg, String enc) {
    return encrypted(new Encryption(parsed(publicJwk), alg, enc, false, true));
  }

  Jwt encrypted(Encryption other) {
    return new Jwt(header, claims, signer, other);
  }

  private Jwt signer(Signer other) {
    return new Jwt(header, claims, other, encryption);
  }

  /** The compact form. */
  public String compact() {
    String payload = Json.write(claims);
    if (encryption != null && encryption.isUnsigned()) {
      return encryption.encrypt(payload);
    }
    String input = Base64URL.encode(Json.write(header)) + "." + Base64URL.encode(payload);
    byte[] octets = signer.sign(input.getBytes(StandardCharsets.US_ASCII));
    String signed = input + "." + Base64URL.encode(octets);
    return encryption == null ? signed : encryption.encrypt(signed);
  }

  private static JWK parsed(String jwk) {
    try {
      return JWK.parse(jwk);
    } catch (ParseException e) {
      throw new IllegalArgumentException("No JWK", e);
    }
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> map, String name, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(map);
    changed.put(name, value);
    return changed;
  }

  private static Map<String, @Nullable Object> without(
      Map<String, @Nullable Object> map, String name) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(map);
    changed.remove(name);
    return changed;
  }

  @Override
  public String toString() {
    return "JWT of " + Objects.toString(header.get("alg")) + " " + Json.write(claims);
  }
}
