package dev.everbearer.client;

import dev.everbearer.jose.AlgorithmRule;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the client has registered at the server about one kind of JWT that the server makes for it,
 * such as ID tokens: by which algorithm they are signed, and whether they are encrypted. Each
 * method gives a new value. Immutable and thread-safe.
 */
public final class JwtRegistration {

  private static final JwtRegistration STANDARD = new JwtRegistration(null, null);

  private final @Nullable String algorithm;
  private final @Nullable DecryptionKey decryptionKey;

  private JwtRegistration(@Nullable String algorithm, @Nullable DecryptionKey decryptionKey) {
    this.algorithm = algorithm;
    this.decryptionKey = decryptionKey;
  }

  /**
   * Nothing is registered: signed by one of the asymmetric algorithms that the server's metadata
   * lists, by {@code RS256} if it lists none, and not encrypted.
   */
  public static JwtRegistration standard() {
    return STANDARD;
  }

  /**
   * One algorithm is registered ({@code id_token_signed_response_alg} and its kin), and no other is
   * accepted. For {@code HS256}, {@code HS384} and {@code HS512} the client secret is the key.
   *
   * @throws IllegalArgumentException if it is not known; {@code none} is not
   */
  public JwtRegistration signedBy(String registeredAlgorithm) {
    return new JwtRegistration(
        AlgorithmRule.registered(registeredAlgorithm).toString(), decryptionKey);
  }

  /**
   * Encryption is registered ({@code id_token_encrypted_response_alg} and its kin); what is not
   * encrypted, or holds nothing signed, is refused.
   */
  public JwtRegistration encryptedTo(DecryptionKey key) {
    return new JwtRegistration(algorithm, Objects.requireNonNull(key, "key"));
  }

  /** The registered algorithm; empty when none is. */
  public Optional<String> algorithm() {
    return Optional.ofNullable(algorithm);
  }

  /** The key to open them with; empty when they are not encrypted. */
  public Optional<DecryptionKey> decryptionKey() {
    return Optional.ofNullable(decryptionKey);
  }

  /** The algorithms. */
  @Override
  public String toString() {
    return "JwtRegistration[" + algorithm + ", " + decryptionKey + "]";
  }
}
