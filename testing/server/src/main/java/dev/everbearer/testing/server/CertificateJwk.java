package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;

/** Makes a JWK with an {@code x5c} of a certificate (RFC 7517 section 4.7). */
final class CertificateJwk {

  private CertificateJwk() {}

  static JWK of(X509Certificate certificate) {
    List<Base64> chain = List.of(encoded(certificate));
    PublicKey key = certificate.getPublicKey();
    if (key instanceof ECPublicKey ec) {
      return new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec)
          .x509CertChain(chain)
          .build();
    }
    if (key instanceof RSAPublicKey rsa) {
      return new RSAKey.Builder(rsa).x509CertChain(chain).build();
    }
    throw new IllegalArgumentException("The key is neither EC nor RSA: " + key.getAlgorithm());
  }

  private static Base64 encoded(X509Certificate certificate) {
    try {
      return Base64.encode(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("The certificate has no encoded form", e);
    }
  }
}
