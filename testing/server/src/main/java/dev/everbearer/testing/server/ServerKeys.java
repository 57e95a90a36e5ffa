package dev.everbearer.testing.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The keys that an authorization server signs with, and the JWK set (RFC 7517) it publishes at its
 * {@code jwks_uri}. One key signs by one algorithm; those for ES256 and RS256 are always there,
 * others appear when a JWT of their algorithm is asked for. Thread-safe.
 */
public final class ServerKeys {

  static final List<String> ALGORITHMS = List.of("RS256", "ES256");

  private static final int RSA_BITS = 2048;

  private final Map<String, JWK> signing = new LinkedHashMap<>();
  private final List<JWK> published = new ArrayList<>();
  private final AtomicInteger fetches = new AtomicInteger();
  private int made;

  ServerKeys() {}

  /** A JWT to be signed by the present key for an algorithm. */
  public Jwt jwt(String algorithm) {
    return Jwt.signedBy(key(algorithm), algorithm);
  }

  /** The present private key for an algorithm, as JWK in JSON. */
  public String privateJwk(String algorithm) {
    return key(algorithm).toJSONString();
  }

  /** The present public key for an algorithm, as JWK in JSON. */
  public String publicJwk(String algorithm) {
    return key(algorithm).toPublicJWK().toJSONString();
  }

  /** Signs with new keys from now on and publishes them beside the old ones. */
  public synchronized void rotate() {
    List<String> algorithms = List.copyOf(signing.keySet());
    signing.clear();
    algorithms.forEach(this::key);
  }

  /**
   * Signs with new keys from now on and publishes only the old ones, until {@link
   * #publishSigningKeys()}.
   */
  public synchronized void rotateUnpublished() {
    List<JWK> before = List.copyOf(published);
    rotate();
    published.clear();
    published.addAll(before);
  }

  /** Publishes the keys that sign at present, and no others. */
  public synchronized void publishSigningKeys() {
    published.clear();
    published.addAll(signing.values());
  }

  /** Publishes one more key, before the others; a decoy that shares a {@code kid}, for example. */
  public synchronized void publish(String jwk) {
    try {
      published.add(0, JWK.parse(jwk));
    } catch (ParseException e) {
      throw new IllegalArgumentException("No JWK", e);
    }
  }

  /** How often the JWK set was fetched. */
  public int fetches() {
    return fetches.get();
  }

  /** The JWK set as published. */
  public synchronized String jwks() {
    ALGORITHMS.forEach(this::key);
    List<Object> keys = new ArrayList<>();
    published.forEach(each -> keys.add(each.toPublicJWK().toJSONObject()));
    return Json.write(Map.of("keys", keys));
  }

  /** The published keys. */
  synchronized JWKSet published() {
    ALGORITHMS.forEach(this::key);
    return new JWKSet(List.copyOf(published));
  }

  Answer answer(RecordedRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Answers.onlyAllowed("GET");
    }
    fetches.incrementAndGet();
    return Answer.json(200, jwks());
  }

  private synchronized JWK key(String algorithm) {
    JWK known = signing.get(algorithm);
    if (known != null) {
      return known;
    }
    JWK fresh = generate(algorithm, algorithm + "-" + ++made);
    signing.put(algorithm, fresh);
    published.add(fresh);
    return fresh;
  }

  static JWK generate(String algorithm, String kid) {
    JWSAlgorithm alg = JWSAlgorithm.parse(algorithm);
    try {
      if (Ed25519.isNamed(algorithm)) {
        return Ed25519.generate(kid);
      }
      return JWSAlgorithm.Family.EC.contains(alg)
          ? new ECKeyGenerator(Curve.forJWSAlgorithm(alg).iterator().next())
              .keyID(kid)
              .algorithm(alg)
              .generate()
          : new RSAKeyGenerator(RSA_BITS).keyID(kid).algorithm(alg).generate();
    } catch (JOSEException e) {
      throw new IllegalArgumentException("No key for " + algorithm, e);
    }
  }
}
