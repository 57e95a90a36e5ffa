package dev.everbearer.client;

import dev.everbearer.jose.SignatureAlgorithm;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A JWT signed by the client's private key ({@code private_key_jwt}). */
final class PrivateKeyJwt extends ClientAuthentication {

  private static final String METHOD = "private_key_jwt";

  private final Supplier<SigningKey> keys;

  /** The one key; null when the supplier may give another each time. */
  private final @Nullable SigningKey fixed;

  PrivateKeyJwt(String clientId, Supplier<SigningKey> keys) {
    super(clientId);
    this.keys = Objects.requireNonNull(keys, "keys");
    this.fixed = null;
  }

  PrivateKeyJwt(String clientId, SigningKey key) {
    super(clientId);
    this.keys = () -> key;
    this.fixed = key;
  }

  @Override
  public String method(Target target) {
    return METHOD;
  }

  @Override
  public boolean isConfidential() {
    return true;
  }

  @Override
  public boolean usesPrivateKey() {
    return true;
  }

  @Override
  public void configuredFor(Target target) {
    if (fixed != null) {
      KeyUses.require(fixed, target, this);
    }
  }

  @Override
  public Parts parts(Target target) {
    SigningKey key =
        Objects.requireNonNull(keys.get(), "The supplier of the signing key gave null.");
    SignatureAlgorithm algorithm = key.algorithmFor(ClientAssertion.algorithms(target));
    if (algorithm == null) {
      throw ClientAssertion.withoutAlgorithm(target, key);
    }
    KeyUses.require(key, target, this);
    String type = target.profile().assertionType().orElse(null);
    String assertion = key.sign(algorithm, type, ClientAssertion.claims(clientId(), target));
    return ClientAssertion.parts(clientId(), assertion, key.credential());
  }
}
