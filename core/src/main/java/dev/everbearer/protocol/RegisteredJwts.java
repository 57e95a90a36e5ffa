package dev.everbearer.protocol;

import dev.everbearer.client.DecryptionKey;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.jose.AlgorithmRule;
import dev.everbearer.jose.CompactJws;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.jose.JweReader;
import dev.everbearer.jose.JwtVerifier;
import dev.everbearer.jose.KeyMaterial;
import dev.everbearer.jose.KeySource;
import dev.everbearer.server.AuthorizationServer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers that are JWTs of the server, made for this client as it has registered. Thread-safe. */
public final class RegisteredJwts {

  private final String clientId;
  private final JwtRegistration registration;
  private final KeySource keys;
  private final @Nullable Supplier<String> clientSecret;
  private final @Nullable JweReader decryption;

  /**
   * Of one server, for one client.
   *
   * @param clientSecret the key of a registered HMAC; null when the client has none
   * @throws IllegalArgumentException if an HMAC is registered and there is no secret
   */
  public RegisteredJwts(
      String clientId,
      JwtRegistration registration,
      KeySource keys,
      @Nullable Supplier<String> clientSecret) {
    this.clientId = clientId;
    this.registration = registration;
    this.keys = keys;
    this.clientSecret = clientSecret;
    this.decryption = registration.decryptionKey().map(RegisteredJwts::reader).orElse(null);
    registration
        .algorithm()
        .ifPresent(each -> new JwtVerifier(AlgorithmRule.registered(each), keys, clientSecret));
  }

  private static JweReader reader(DecryptionKey key) {
    return new JweReader(
        new KeyMaterial(key.privateKey(), null, null, null),
        key.algorithm(),
        key.contentAlgorithm());
  }

  /** Whether anything is registered, so that an answer must be a JWT. */
  boolean isRegistered() {
    return registration.algorithm().isPresent() || decryption != null;
  }

  /** Takes a JWT apart, once it is decrypted if that was registered; nothing is verified. */
  CompactJws parse(String token) throws InvalidJwtException {
    return CompactJws.parse(decryption == null ? token : decryption.open(token));
  }

  /**
   * Verifies the signature, and that it is of the server and for this client.
   *
   * @param listed the name of the list in the metadata that counts when no algorithm is registered;
   *     null, and where there is no such list, it is RS256
   */
  void verify(CompactJws jwt, AuthorizationServer server, @Nullable String listed)
      throws InvalidJwtException, InterruptedException {
    // 1. The signature.
    AlgorithmRule rule =
        registration
            .algorithm()
            .map(AlgorithmRule::registered)
            .orElseGet(
                () ->
                    AlgorithmRule.listed(
                        listed == null ? null : server.listed(listed).orElse(null)));
    new JwtVerifier(rule, keys, clientSecret).verify(jwt);
    // 2. The issuer, exactly.
    if (!server.isIssuer(jwt.claims().requiredText("iss"))) {
      throw new InvalidJwtException("it is of another issuer, or none is configured");
    }
    // 3. The audience.
    if (!jwt.claims().requiredTexts("aud").contains(clientId)) {
      throw new InvalidJwtException("it is for another client");
    }
  }
}
