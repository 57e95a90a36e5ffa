package dev.everbearer.client.internal;

import dev.everbearer.client.DecryptionKey;
import dev.everbearer.jose.JweReader;
import dev.everbearer.jose.KeyMaterial;

/** Makes readers of encrypted JWTs. */
public final class JweReaders {

  private JweReaders() {}

  /** A reader by a key that was given to the client. */
  public static JweReader of(DecryptionKey key) {
    return new JweReader(
        new KeyMaterial(key.privateKey(), null, null, null),
        key.algorithm(),
        key.contentAlgorithm());
  }
}
