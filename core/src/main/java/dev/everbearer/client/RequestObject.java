package dev.everbearer.client;

import dev.everbearer.jose.Base64Url;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An authorization request as a signed JWT (RFC 9101). Thread-safe. */
public final class RequestObject {

  private static final String TYPE = "oauth-authz-req+jwt";
  private static final String ALGORITHMS = "request_object_signing_alg_values_supported";
  private static final Duration LIFE = Duration.ofSeconds(60);
  private static final int ID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private RequestObject() {}

  /**
   * Signs one. It names no subject, so that it is of no use as a client assertion (RFC 9101 section
   * 10.8), and lives for a minute.
   *
   * @param parameters of the authorization request, {@code client_id} included
   * @throws OAuthException if the server is not known by its issuer, or lists no algorithm that the
   *     key can make
   */
  public static String signed(
      SigningKey key,
      AuthorizationServer server,
      String clientId,
      Map<String, ?> parameters,
      InstantSource clock) {
    long now = clock.instant().getEpochSecond();
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    Map<String, Object> claims = new LinkedHashMap<>(parameters);
    claims.put("iss", clientId);
    claims.put("aud", server.issuer().orElseThrow(() -> withoutIssuer(server)));
    claims.put("iat", now);
    claims.put("exp", now + LIFE.toSeconds());
    claims.put("jti", Base64Url.encode(id));
    return key.sign(algorithm(key, server), TYPE, claims);
  }

  private static SignatureAlgorithm algorithm(SigningKey key, AuthorizationServer server) {
    List<String> listed = server.listed(ALGORITHMS).orElse(null);
    SignatureAlgorithm algorithm = key.algorithmFor(listed);
    if (algorithm == null) {
      throw refusal(
          server,
          "%s takes signed authorization requests by %s, and %s can make none of these. Give the"
                  .formatted(server, listed, key)
              + " client a key of another kind.");
    }
    return algorithm;
  }

  private static OAuthException withoutIssuer(AuthorizationServer server) {
    return refusal(
        server,
        "Only endpoints of %s are known, and a signed authorization request names the issuer it is"
                .formatted(server)
            + " for. Configure issuer(...).");
  }

  private static OAuthException refusal(AuthorizationServer server, String message) {
    return Failure.builder(FailureKind.REFUSED, message)
        .endpoint(server.tokenEndpoint())
        .build()
        .toException();
  }
}
