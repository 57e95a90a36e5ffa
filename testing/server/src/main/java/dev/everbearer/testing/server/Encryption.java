package dev.everbearer.testing.server;

import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;

/**
 * How a JWT is encrypted (RFC 7516).
 *
 * @param key the public key of the receiver
 * @param alg how the content key is encrypted
 * @param enc how the content is encrypted
 * @param isUnsigned whether the content is the claims rather than a signed JWT
 * @param isCompressed whether the content is compressed first
 */
record Encryption(JWK key, String alg, String enc, boolean isUnsigned, boolean isCompressed) {

  String encrypt(String content) {
    JWEHeader.Builder header =
        new JWEHeader.Builder(JWEAlgorithm.parse(alg), EncryptionMethod.parse(enc))
            .keyID(key.getKeyID());
    if (!isUnsigned) {
      header.contentType("JWT");
    }
    if (isCompressed) {
      header.compressionAlgorithm(CompressionAlgorithm.DEF);
    }
    try {
      JWEObject object = new JWEObject(header.build(), new Payload(content));
      object.encrypt(encrypter());
      return object.serialize();
    } catch (JOSEException e) {
      throw new IllegalArgumentException("The key does not encrypt by " + alg + ", " + enc, e);
    }
  }

  private JWEEncrypter encrypter() throws JOSEException {
    return key instanceof ECKey ec ? new ECDHEncrypter(ec) : new RSAEncrypter(key.toRSAKey());
  }
}
