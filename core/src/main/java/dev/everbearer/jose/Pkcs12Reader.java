package dev.everbearer.jose;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Collections;
import java.util.List;

/** Reads a private key from a PKCS#12 key store (RFC 7292), with its certificate's public key. */
public final class Pkcs12Reader {

  private Pkcs12Reader() {}

  /**
   * Reads the key of an alias.
   *
   * @param password of the store and of its keys; not kept
   * @throws IllegalArgumentException if the store cannot be opened or has no such key
   */
  public static KeyMaterial read(byte[] store, char[] password, String alias) {
    try {
      KeyStore keyStore = KeyStore.getInstance("PKCS12");
      keyStore.load(new ByteArrayInputStream(store), password);
      Key key = keyStore.getKey(alias, password);
      if (!(key instanceof PrivateKey privateKey)) {
        List<String> aliases = Collections.list(keyStore.aliases());
        throw new IllegalArgumentException(
            "The PKCS#12 store has no private key under the alias '%s'; its aliases are %s."
                .formatted(alias, aliases));
      }
      PublicKey publicKey = keyStore.getCertificate(alias).getPublicKey();
      return new KeyMaterial(privateKey, publicKey, null, null);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "The PKCS#12 store cannot be opened: it is none, or the password is wrong.");
    }
  }
}
