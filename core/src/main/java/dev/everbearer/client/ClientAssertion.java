package dev.everbearer.client;

import dev.everbearer.client.ClientAuthentication.Parts;
import dev.everbearer.client.ClientAuthentication.Target;
import dev.everbearer.jose.Base64Url;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the JWTs have in common by which a client proves who it is (RFC 7521 section 4.2, RFC 7523
 * section 3 and its revision). Each is made for one request and never used again.
 */
final class ClientAssertion {

  private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final Duration LIFE = Duration.ofSeconds(60);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private ClientAssertion() {}

  /** The claims; there is no {@code nbf}, which a server could hold against its own clock. */
  static Map<String, Object> claims(String clientId, Target target) {
    long now = target.clock().instant().getEpochSecond();
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", clientId);
    claims.put("sub", clientId);
    claims.put("aud", audience(target));
    claims.put("iat", now);
    claims.put("exp", now + LIFE.toSeconds());
    claims.put("jti", Base64Url.encode(id));
    return claims;
  }

  /** The parameters that carry it. */
  static Parts parts(String clientId, String assertion, Object credential) {
    return new Parts(
        Map.of(),
        Map.of("client_id", clientId, "client_assertion_type", TYPE, "client_assertion", assertion),
        credential);
  }

  /** The issuer identifier, at every endpoint alike, unless the profile says otherwise. */
  private static String audience(Target target) {
    ProviderProfile profile = target.profile();
    AuthorizationServer server = target.server();
    if (profile.isAssertionForTokenEndpoint()) {
      return server.tokenEndpoint().toString();
    }
    return profile
        .assertionAudience()
        .or(server::issuer)
        .orElseThrow(() -> withoutAudience(server));
  }

  private static OAuthException withoutAudience(AuthorizationServer server) {
    return refusal(
        server,
        "Only the token endpoint %s is known, and the audience of a client assertion is the"
                .formatted(server)
            + " server's issuer identifier. Configure issuer(...) in place of tokenEndpoint(...), or"
            + " name the audience by ProviderProfile.builder().assertionAudience(...).");
  }

  /**
   * The algorithms that the server lists for an endpoint, else those for its token endpoint; null
   * when it lists none.
   */
  static @Nullable List<String> algorithms(Target target) {
    AuthorizationServer server = target.server();
    return server
        .listed(listName(target.endpoint()))
        .or(() -> server.listed(listName(Endpoint.TOKEN)))
        .orElse(null);
  }

  private static String listName(Endpoint endpoint) {
    return endpoint.member() + "_auth_signing_alg_values_supported";
  }

  /** The credential can make none of the algorithms that the server lists. */
  static OAuthException withoutAlgorithm(Target target, Object credential) {
    return refusal(
        target.server(),
        "The %s of %s takes client assertions signed by %s, and %s can make none of these. Give the"
                .formatted(target.endpoint(), target.server(), algorithms(target), credential)
            + " client a key of another kind; nothing was sent.");
  }

  static OAuthException refusal(AuthorizationServer server, String message) {
    return Failure.builder(FailureKind.REFUSED, message)
        .endpoint(server.tokenEndpoint())
        .build()
        .toException();
  }
}
