package dev.everbearer.client;

import dev.everbearer.jose.JwkReader;
import dev.everbearer.jose.JwtSigner;
import dev.everbearer.jose.KeyKind;
import dev.everbearer.jose.KeyMaterial;
import dev.everbearer.jose.PemReader;
import dev.everbearer.jose.Pkcs12Reader;
import dev.everbearer.jose.PublicJwk;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.jose.Signatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A private key that the client signs with: RSA from 2048 bits, EC on P-256, P-384 or P-521, or
 * Ed25519. It may sit in memory or, behind a {@link Signer}, in a key management service. To rotate
 * keys, hand over a supplier of them where one is taken. Immutable and thread-safe; never shows the
 * key.
 */
public final class SigningKey {

  private static final byte[] PROBE = "everbearer".getBytes(StandardCharsets.US_ASCII);

  /** Signs elsewhere: in a key management service, or in hardware. Must be thread-safe. */
  @FunctionalInterface
  public interface Signer {

    /**
     * Signs.
     *
     * @param algorithm the JWS algorithm, such as {@code ES256}
     * @param input what to sign, unhashed
     * @return the signature in the form of RFC 7518 section 3, which for ECDSA is R and S one after
     *     the other, not DER
     */
    byte[] sign(String algorithm, byte[] input);
  }

  private final KeyKind kind;
  private final Signer signer;
  private final @Nullable PublicKey publicKey;
  private final String identity;
  private final @Nullable String keyId;
  private final @Nullable SignatureAlgorithm configured;

  private SigningKey(
      KeyKind kind,
      Signer signer,
      @Nullable PublicKey publicKey,
      String identity,
      @Nullable String keyId,
      @Nullable SignatureAlgorithm configured) {
    this.kind = kind;
    this.signer = signer;
    this.publicKey = publicKey;
    this.identity = identity;
    this.keyId = keyId;
    this.configured = configured;
  }

  // ---- where keys come from

  /**
   * The key of a private JWK (RFC 7517), with its {@code kid} and {@code alg} if it has them.
   *
   * @throws IllegalArgumentException if the JWK holds no private key for signing, or one that is
   *     refused; the message shows nothing of it
   */
  public static SigningKey fromJwk(String json) {
    return of(JwkReader.read(json));
  }

  /**
   * The key of a PEM text in PKCS#8 form ({@code BEGIN PRIVATE KEY}). A public key or certificate
   * in the same text is taken as its other half.
   *
   * @throws IllegalArgumentException if the text holds no such key; for PKCS#1, SEC1 and encrypted
   *     keys the message says how to convert them
   */
  public static SigningKey fromPem(String pem) {
    return of(PemReader.read(pem));
  }

  /**
   * The key of a PKCS#12 store.
   *
   * @param password of the store and its keys; not kept
   * @throws IllegalArgumentException if the store cannot be opened, or has no key of this alias
   */
  public static SigningKey fromPkcs12(byte[] store, char[] password, String alias) {
    return of(Pkcs12Reader.read(store, password, alias));
  }

  /**
   * As {@link #fromPkcs12(byte[], char[], String)}, from a file that is read once.
   *
   * @throws UncheckedIOException if the file cannot be read
   */
  public static SigningKey fromPkcs12(Path file, char[] password, String alias) {
    try {
      return fromPkcs12(Files.readAllBytes(file), password, alias);
    } catch (IOException e) {
      throw new UncheckedIOException("The PKCS#12 store " + file + " cannot be read.", e);
    }
  }

  /**
   * A key pair of the platform. The private key may be one that its provider never lets out.
   *
   * @throws IllegalArgumentException if the keys are of no kind that is taken here, or not a pair
   */
  public static SigningKey of(PrivateKey privateKey, PublicKey publicKey) {
    return of(new KeyMaterial(privateKey, publicKey, null, null));
  }

  /**
   * A key that signs elsewhere. Each signature is checked with the public key before it is used.
   *
   * @throws IllegalArgumentException if the public key is of no kind that is taken here
   */
  public static SigningKey signedBy(Signer signer, PublicKey publicKey) {
    Objects.requireNonNull(signer, "signer");
    return new SigningKey(
        KeyKind.of(publicKey),
        checked(signer, publicKey),
        publicKey,
        PublicJwk.thumbprint(publicKey),
        null,
        null);
  }

  private static SigningKey of(KeyMaterial material) {
    PrivateKey privateKey = material.privateKey();
    PublicKey publicKey = material.publicKey();
    Signer signer = (algorithm, input) -> Signatures.sign(known(algorithm), privateKey, input);
    SigningKey key =
        new SigningKey(
            KeyKind.of(publicKey == null ? privateKey : publicKey),
            signer,
            publicKey,
            material.identity(),
            material.keyId(),
            material.algorithm());
    key.requirePair();
    return key;
  }

  private void requirePair() {
    SignatureAlgorithm any = SignatureAlgorithm.of(kind).get(0);
    byte[] signature = signer.sign(any.wireName(), PROBE);
    if (publicKey != null && !Signatures.verify(any, publicKey, PROBE, signature)) {
      throw new IllegalArgumentException(
          "The private and the public key do not belong together: what the one signs, the other"
              + " does not verify.");
    }
  }

  private static Signer checked(Signer signer, PublicKey publicKey) {
    return (algorithm, input) -> {
      byte[] signature = signer.sign(algorithm, input.clone());
      if (!Signatures.verify(known(algorithm), publicKey, input, signature)) {
        throw new IllegalStateException(
            "The signer gave no signature by %s of the key that it was configured with. It must be"
                    .formatted(algorithm)
                + " in the form of RFC 7518 section 3 (for ECDSA: R and S, not DER), over the input"
                + " as it is, not over its hash.");
      }
      return signature;
    };
  }

  private static SignatureAlgorithm known(String algorithm) {
    return Objects.requireNonNull(SignatureAlgorithm.named(algorithm));
  }

  // ---- settings

  /** The same key under a {@code kid}, by which the server finds its public half. */
  public SigningKey withKeyId(String id) {
    return new SigningKey(
        kind, signer, publicKey, identity, Objects.requireNonNull(id, "id"), configured);
  }

  /**
   * The same key for one algorithm alone, such as {@code PS256}. By default an EC or Ed25519 key
   * has only one, and an RSA key takes {@code RS256} or, where the server lists others, the first
   * that it lists of {@code RS256}, {@code PS256}, {@code RS384}, {@code PS384}, {@code RS512},
   * {@code PS512}.
   *
   * @throws IllegalArgumentException if the key cannot sign by it
   */
  public SigningKey withAlgorithm(String algorithm) {
    SignatureAlgorithm named = SignatureAlgorithm.named(algorithm);
    if (named == null || !named.fits(kind)) {
      throw new IllegalArgumentException(
          "A key of this kind signs by one of %s, not by '%s'."
              .formatted(SignatureAlgorithm.of(kind), algorithm));
    }
    return new SigningKey(kind, signer, publicKey, identity, keyId, named);
  }

  /** The {@code kid}; empty when none is known. */
  public Optional<String> keyId() {
    return Optional.ofNullable(keyId);
  }

  /** The public half; empty when its source has none. */
  public Optional<PublicKey> publicKey() {
    return Optional.ofNullable(publicKey);
  }

  // ---- what it is for

  /**
   * The algorithm to sign by: the configured one, else the first that the key can make and the
   * server lists.
   *
   * @param listed what the server lists; null when it does not
   * @return null when the server lists none that will do
   */
  @Nullable SignatureAlgorithm algorithmFor(@Nullable Collection<String> listed) {
    if (listed == null) {
      return configured == null ? usual() : configured;
    }
    return SignatureAlgorithm.of(kind).stream()
        .filter(each -> configured == null || each.isSameAs(configured))
        .filter(each -> listed.contains(each.wireName()))
        .findFirst()
        .orElse(null);
  }

  /** Many servers know Ed25519 by its older name alone. */
  private SignatureAlgorithm usual() {
    return kind == KeyKind.ED25519 ? SignatureAlgorithm.EDDSA : SignatureAlgorithm.of(kind).get(0);
  }

  /** The signature of an input, in JWS form. */
  byte[] sign(SignatureAlgorithm algorithm, byte[] input) {
    return signer.sign(algorithm.wireName(), input);
  }

  /** A JWT with this key's signature. */
  String sign(SignatureAlgorithm algorithm, @Nullable String type, Map<String, ?> claims) {
    return JwtSigner.compact(type, algorithm, keyId, claims, input -> sign(algorithm, input));
  }

  /** Tells keys apart without showing them: the thumbprint (RFC 7638) where it can be had. */
  String identity() {
    return identity;
  }

  /** Equal ones sign the same way. */
  Object credential() {
    return List.of(
        identity, Objects.toString(keyId, ""), configured == null ? usual() : configured);
  }

  /** The kind of key and its {@code kid}. */
  @Override
  public String toString() {
    return "SigningKey[" + kind + (keyId == null ? "" : ", kid " + keyId) + "]";
  }
}
