package dev.everbearer.login.internal;

import dev.everbearer.client.JwtRegistration;
import dev.everbearer.client.internal.JweReaders;
import dev.everbearer.jose.AlgorithmRule;
import dev.everbearer.jose.Claims;
import dev.everbearer.jose.CompactJws;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.jose.JweReader;
import dev.everbearer.jose.JwtVerifier;
import dev.everbearer.jose.KeySource;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.wire.FormBody;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Authorization responses that are JWTs (JARM). Thread-safe. */
public final class ResponseJwts {

  private static final Duration TOLERANCE = Duration.ofSeconds(30);
  private static final String RESPONSE = "response";
  private static final String ALGORITHMS = "authorization_signing_alg_values_supported";

  private final String clientId;
  private final JwtRegistration registration;
  private final KeySource keys;
  private final @Nullable Supplier<String> clientSecret;
  private final @Nullable JweReader decryption;
  private final InstantSource wall;

  /**
   * Of one server, for one client.
   *
   * @param clientSecret the key of a registered HMAC; null when the client has none
   * @throws IllegalArgumentException if an HMAC is registered and there is no secret
   */
  public ResponseJwts(
      String clientId,
      JwtRegistration registration,
      KeySource keys,
      @Nullable Supplier<String> clientSecret,
      InstantSource wall) {
    this.clientId = clientId;
    this.registration = registration;
    this.keys = keys;
    this.clientSecret = clientSecret;
    this.decryption = registration.decryptionKey().map(JweReaders::of).orElse(null);
    this.wall = wall;
    registration
        .algorithm()
        .ifPresent(each -> new JwtVerifier(AlgorithmRule.registered(each), keys, clientSecret));
  }

  /** The parameters inside, of whoever made them; null when nothing can be read. */
  @Nullable AuthorizationResponse unverified(AuthorizationResponse response) {
    try {
      return parameters(parsed(response).claims());
    } catch (InvalidJwtException e) {
      return null;
    }
  }

  /**
   * The parameters inside, in the order of JARM section 2.4, save for the state, which is the
   * caller's to compare.
   *
   * @throws InvalidJwtException if the JWT is missing or not good
   * @throws dev.everbearer.token.OAuthException when the server's keys cannot be had
   * @throws InterruptedException when interrupted
   */
  AuthorizationResponse verified(AuthorizationServer server, AuthorizationResponse response)
      throws InvalidJwtException, InterruptedException {
    // 1. Decryption, if it was registered.
    CompactJws jwt = parsed(response);
    Claims claims = jwt.claims();
    // 2. The issuer, exactly (RFC 9207 section 2.4).
    requireIssuer(server, claims);
    // 3. The audience: this client and nobody else.
    if (!claims.requiredTexts("aud").stream().allMatch(clientId::equals)) {
      throw new InvalidJwtException("it is for another client (aud)");
    }
    // 4. The times.
    requireTimes(claims);
    // 5. The signature, by the registered algorithm or one that the server lists.
    new JwtVerifier(algorithmAt(server), keys, clientSecret).verify(jwt);
    return parameters(claims);
  }

  private CompactJws parsed(AuthorizationResponse response) throws InvalidJwtException {
    String token = response.value(RESPONSE).orElse(null);
    if (token == null) {
      throw new InvalidJwtException(
          "it is missing or comes twice, and nothing outside of it (response) counts");
    }
    return CompactJws.parse(decryption == null ? token : decryption.open(token));
  }

  private static void requireIssuer(AuthorizationServer server, Claims claims)
      throws InvalidJwtException {
    String found = claims.requiredText("iss");
    if (server.issuer().isEmpty()) {
      throw new InvalidJwtException(
          "its issuer cannot be checked, for only endpoints were configured; configure"
              + " issuer(...)");
    }
    if (!server.isIssuer(found)) {
      throw new InvalidJwtException("it is of another server than the one that was asked (iss)");
    }
  }

  private void requireTimes(Claims claims) throws InvalidJwtException {
    Instant now = wall.instant();
    Instant expiry = claims.requiredInstant("exp");
    if (!now.isBefore(expiry.plus(TOLERANCE))) {
      throw new InvalidJwtException(
          "it expired at " + expiry + ", and by this machine's clock it is " + now);
    }
    Instant notBefore = claims.instant("nbf");
    if (notBefore != null && notBefore.isAfter(now.plus(TOLERANCE))) {
      throw new InvalidJwtException(
          "it is good from " + notBefore + " on (nbf), and by this machine's clock it is " + now);
    }
  }

  private AlgorithmRule algorithmAt(AuthorizationServer server) {
    return registration
        .algorithm()
        .map(AlgorithmRule::registered)
        .orElseGet(() -> AlgorithmRule.listed(server.listed(ALGORITHMS).orElse(null)));
  }

  private static AuthorizationResponse parameters(Claims claims) throws InvalidJwtException {
    FormBody form = new FormBody();
    for (List<String> names :
        List.of(ResponseRules.RESPONSE_PARAMETERS, ResponseRules.FRONT_CHANNEL_TOKENS)) {
      for (String name : names) {
        String value = claims.text(name);
        if (value != null) {
          form.add(name, value);
        }
      }
    }
    return AuthorizationResponse.ofQuery(form.encoded());
  }
}
