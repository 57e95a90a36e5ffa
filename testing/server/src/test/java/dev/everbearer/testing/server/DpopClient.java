package dev.everbearer.testing.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.UUID;

/** Makes the DPoP proofs of a client without fault; a test changes parts of them. */
final class DpopClient {

  private final InstantSource clock;
  final JWK key;

  DpopClient(InstantSource clock, String algorithm) {
    this.clock = clock;
    this.key = ServerKeys.generate(algorithm, "ignored");
  }

  DpopClient(InstantSource clock) {
    this(clock, "ES256");
  }

  String thumbprint() {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  Jwt proof(String method, URI uri) {
    try {
      return Jwt.signedBy(key, algorithm())
          .withoutHeader("kid")
          .header("typ", "dpop+jwt")
          .header("jwk", JSONObjectUtils.parse(key.toPublicJWK().toJSONString()))
          .claim("jti", UUID.randomUUID().toString())
          .claim("htm", method)
          .claim("htu", uri.toString())
          .claim("iat", clock.instant().getEpochSecond());
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private String algorithm() {
    return key.getAlgorithm() != null ? key.getAlgorithm().getName() : "Ed25519";
  }

  Jwt proof(String method, URI uri, String accessToken) {
    return proof(method, uri).claim("ath", DpopProofs.hash(accessToken));
  }
}
