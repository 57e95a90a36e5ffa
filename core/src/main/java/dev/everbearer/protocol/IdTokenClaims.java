package dev.everbearer.protocol;

import dev.everbearer.jose.Base64Url;
import dev.everbearer.jose.Claims;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.IdToken;
import dev.everbearer.wire.Untrusted;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rules for the claims of one ID token, each as one method. */
final class IdTokenClaims {

  private static final Duration TOLERANCE = Duration.ofSeconds(30);
  private static final Duration MAX_AHEAD = Duration.ofMinutes(10);
  private static final Duration MAX_BEHIND = Duration.ofDays(1);
  private static final int MAX_SHOWN = 200;

  private final Claims claims;
  private final IdTokenRules rules;
  private final Instant now;

  IdTokenClaims(Claims claims, IdTokenRules rules, Instant now) {
    this.claims = claims;
    this.rules = rules;
    this.now = now;
  }

  /** Code point by code point, without any normalisation. */
  void requireIssuer(AuthorizationServer server) throws InvalidJwtException {
    String found = claims.requiredText("iss");
    if (server.issuer().isEmpty()) {
      throw new InvalidJwtException(
          "its issuer cannot be checked, for only the token endpoint was configured; configure"
              + " issuer(...)");
    }
    require(
        server.isIssuer(found),
        "it is of another issuer, '" + Untrusted.printable(found, MAX_SHOWN) + "'");
  }

  void requireAudience() throws InvalidJwtException {
    List<String> audience = claims.requiredTexts("aud");
    require(
        audience.contains(rules.clientId()), "it is for another client: its aud does not name us");
    require(
        audience.stream()
            .allMatch(
                each -> each.equals(rules.clientId()) || rules.trustedAudiences().contains(each)),
        "it is for others as well (aud), and these are not among the trusted audiences");
  }

  void requireAuthorizedParty() throws InvalidJwtException {
    String party = claims.text("azp");
    if (party == null) {
      require(
          claims.requiredTexts("aud").stream().distinct().count() == 1,
          "it has several audiences and no azp");
    } else {
      require(party.equals(rules.clientId()), "it was issued to another client (azp)");
    }
  }

  void requireTimes() throws InvalidJwtException {
    Instant expiry = claims.requiredInstant("exp");
    require(now.isBefore(expiry.plus(TOLERANCE)), "it expired at " + expiry + ", and" + nowIs());
    Instant issued = claims.requiredInstant("iat");
    require(
        !issued.isAfter(now.plus(MAX_AHEAD)) && !issued.isBefore(now.minus(MAX_BEHIND)),
        "it was issued at " + issued + ", and" + nowIs());
    Instant notBefore = claims.instant("nbf");
    require(
        notBefore == null || !notBefore.isAfter(now.plus(TOLERANCE)),
        "it is good from " + notBefore + " on (nbf), and" + nowIs());
  }

  private String nowIs() {
    return " by this machine's clock it is " + now;
  }

  void requireNonce(IdTokenExpectation expected) throws InvalidJwtException {
    String nonce = claims.text("nonce");
    if (expected.isRefresh()) {
      return;
    }
    String sent = expected.nonce();
    if (sent == null) {
      require(nonce == null, "it has a nonce, and none was sent: it answers another login");
      return;
    }
    require(nonce != null, "it has no nonce, and one was sent");
    require(isSame(sent, nonce), "its nonce is that of another login");
  }

  private static boolean isSame(String sent, @Nullable String found) {
    return MessageDigest.isEqual(
        sent.getBytes(StandardCharsets.UTF_8),
        String.valueOf(found).getBytes(StandardCharsets.UTF_8));
  }

  void requireAcr(IdTokenExpectation expected) throws InvalidJwtException {
    String acr = claims.text("acr");
    require(
        expected.acceptedAcrs().isEmpty() || (acr != null && expected.acceptedAcrs().contains(acr)),
        "its acr is none of those that were asked for as essential, " + expected.acceptedAcrs());
  }

  void requireAuthTime(IdTokenExpectation expected) throws InvalidJwtException {
    Instant loggedIn = claims.instant("auth_time");
    require(
        loggedIn != null || !expected.needsAuthTime(),
        "it has no auth_time, and one was asked for");
    Instant earliest = expected.authenticatedSince();
    require(
        loggedIn == null || earliest == null || !loggedIn.isBefore(earliest.minus(TOLERANCE)),
        "the person logged in at " + loggedIn + ", which is longer ago than max_age allows");
  }

  void requireAccessTokenHash(IdTokenExpectation expected, SignatureAlgorithm algorithm)
      throws InvalidJwtException {
    String found = claims.text("at_hash");
    AccessToken token = expected.accessToken();
    if (found != null && token != null) {
      require(
          isSame(leftHalfHash(token.value(), algorithm), found),
          "its at_hash is not that of the access token that came with it");
    }
  }

  private static String leftHalfHash(String value, SignatureAlgorithm algorithm) {
    try {
      byte[] hash =
          MessageDigest.getInstance(algorithm.hash())
              .digest(value.getBytes(StandardCharsets.US_ASCII));
      return Base64Url.encode(Arrays.copyOf(hash, hash.length / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("The platform has no " + algorithm.hash() + ".", e);
    }
  }

  /**
   * After a refresh (section 12.2).
   *
   * @param original null when there is nothing to compare with
   */
  void requireSameLogin(@Nullable IdToken original) throws InvalidJwtException {
    if (original == null) {
      return;
    }
    requireSame("iss", original.issuer(), claims.requiredText("iss"));
    requireSame("sub", original.subject(), claims.requiredText("sub"));
    require(
        claims.requiredTexts("aud").containsAll(original.audience()),
        "its aud leaves out some of that of the login which was refreshed");
    requireSame("azp", original.claim("azp").orElse(null), claims.text("azp"));
    Instant loggedIn = claims.instant("auth_time");
    if (loggedIn != null && original.authTime().isPresent()) {
      requireSame("auth_time", original.authTime().get(), loggedIn);
    }
    String nonce = claims.text("nonce");
    if (nonce != null) {
      requireSame("nonce", original.nonce().orElse(null), nonce);
    }
  }

  private static void requireSame(String name, @Nullable Object before, @Nullable Object now)
      throws InvalidJwtException {
    require(
        Objects.equals(before, now),
        "its " + name + " is not that of the login which was refreshed");
  }

  private static void require(boolean holds, String otherwise) throws InvalidJwtException {
    if (!holds) {
      throw new InvalidJwtException(otherwise);
    }
  }
}
