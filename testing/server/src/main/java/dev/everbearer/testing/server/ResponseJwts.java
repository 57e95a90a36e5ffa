package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes the JWTs for clients: signed, and encrypted if so, as each client registered it, then
 * altered as a test wants it. Thread-safe.
 */
final class ResponseJwts {

  private static final String DEFAULT_ALGORITHM = "RS256";

  private final InstantSource clock;
  private final Supplier<String> issuer;
  private final ServerKeys keys;
  private final Map<JwtKind, UnaryOperator<Jwt>> alterations = new ConcurrentHashMap<>();

  ResponseJwts(InstantSource clock, Supplier<String> issuer, ServerKeys keys) {
    this.clock = clock;
    this.issuer = issuer;
    this.keys = keys;
  }

  void alter(JwtKind kind, UnaryOperator<Jwt> alteration) {
    alterations.put(kind, alteration);
  }

  /** The registered algorithm, else RS256. */
  static String algorithm(JwtKind kind, RegisteredClient client) {
    return client.text(kind.metadataName("_signed_response_alg")).orElse(DEFAULT_ALGORITHM);
  }

  /** A JWT of this issuer, for this client, of now, in compact form. */
  String compact(JwtKind kind, RegisteredClient client, Map<String, ?> claims) {
    Jwt jwt =
        signed(algorithm(kind, client), client)
            .header("typ", kind.typ())
            .claim("iss", issuer.get())
            .claim("aud", client.id())
            .claim("iat", clock.instant().getEpochSecond())
            .claims(claims);
    return alterations
        .getOrDefault(kind, UnaryOperator.identity())
        .apply(encrypted(jwt, kind, client))
        .compact();
  }

  private Jwt signed(String algorithm, RegisteredClient client) {
    if (algorithm.equals("none")) {
      return keys.jwt(DEFAULT_ALGORITHM).unsigned();
    }
    if (algorithm.startsWith("HS")) {
      String secret = Objects.requireNonNullElse(client.secret(), "");
      return keys.jwt(DEFAULT_ALGORITHM)
          .withoutHeader("kid")
          .hmac(algorithm, secret.getBytes(StandardCharsets.UTF_8));
    }
    return keys.jwt(algorithm);
  }

  private static Jwt encrypted(Jwt jwt, JwtKind kind, RegisteredClient client) {
    String alg = client.text(kind.metadataName("_encrypted_response_alg")).orElse("");
    if (alg.isEmpty()) {
      return jwt;
    }
    String enc = client.text(kind.metadataName("_encrypted_response_enc")).orElse("A128CBC-HS256");
    return jwt.encrypted(new Encryption(encryptionKey(client, alg), alg, enc, false, false));
  }

  private static JWK encryptionKey(RegisteredClient client, String alg) {
    KeyType type = alg.startsWith("RSA") ? KeyType.RSA : KeyType.EC;
    return client.keys().getKeys().stream()
        .filter(key -> key.getKeyType().equals(type))
        .filter(key -> !KeyUse.SIGNATURE.equals(key.getKeyUse()))
        .filter(key -> key.getAlgorithm() == null || key.getAlgorithm().getName().equals(alg))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("The client has no key for " + alg));
  }
}
