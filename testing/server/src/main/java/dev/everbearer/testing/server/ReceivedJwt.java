package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A signed JWT (RFC 7515, RFC 7519) as a client sent it; every check throws {@link BadJwt}. */
final class ReceivedJwt {

  /** How far a client's clock may be ahead of ours. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  /** The end of the year 9999. */
  private static final long LATEST_SECOND = 253_402_300_799L;

  private final Map<String, Object> header;
  private final Map<String, Object> claims;
  private final byte[] signingInput;
  private final byte[] signature;

  private ReceivedJwt(
      Map<String, Object> header, Map<String, Object> claims, String input, String signature) {
    this.header = header;
    this.claims = claims;
    this.signingInput = input.getBytes(StandardCharsets.US_ASCII);
    this.signature = new Base64URL(signature).decode();
  }

  /** Reads the compact form of a signed JWT; the signature is not looked at yet. */
  static ReceivedJwt parse(String compact) {
    if (!compact.matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+")) {
      throw new BadJwt("The JWT is no compact JWS with a signature");
    }
    String[] parts = compact.split("\\.");
    Map<String, Object> header = object(parts[0]);
    if (header.containsKey("crit")) {
      throw new BadJwt("The header names extensions that are not understood here: crit");
    }
    return new ReceivedJwt(header, object(parts[1]), parts[0] + "." + parts[1], parts[2]);
  }

  private static Map<String, Object> object(String part) {
    try {
      return Json.readObject(new Base64URL(part).decodeToString());
    } catch (ParseException e) {
      throw new BadJwt("A part of the JWT is no JSON object");
    }
  }

  Map<String, Object> header() {
    return header;
  }

  Map<String, Object> claims() {
    return claims;
  }

  String algorithm() {
    return header.get("alg") instanceof String text ? text : "";
  }

  void requireAlgorithm(Collection<String> accepted) {
    if (!accepted.contains(algorithm())) {
      throw new BadJwt("The alg must be one of " + accepted + ": " + header.get("alg"));
    }
  }

  /** Compares the typ; the empty text among the accepted ones stands for none at all. */
  void requireTyp(Collection<String> accepted) {
    Object typ = header.getOrDefault("typ", "");
    if (accepted.stream().noneMatch(each -> each.equalsIgnoreCase(String.valueOf(typ)))) {
      throw new BadJwt("The typ must be " + String.join(" or ", accepted) + ": " + typ);
    }
  }

  void requireSignatureBy(JWKSet keys) {
    List<JWK> fitting = keys.getKeys().stream().filter(this::fits).toList();
    if (fitting.isEmpty()) {
      throw new BadJwt("No registered key fits the kid: " + header.get("kid"));
    }
    if (fitting.stream().noneMatch(this::isSignedBy)) {
      throw new BadJwt("The signature is wrong");
    }
  }

  boolean isSignedBy(JWK key) {
    return Signatures.isRight(algorithm(), key, signingInput, signature);
  }

  private boolean fits(JWK key) {
    boolean sameId = !header.containsKey("kid") || header.get("kid").equals(key.getKeyID());
    boolean isForSigning = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
    return sameId
        && isForSigning
        && (key.getAlgorithm() == null || key.getAlgorithm().getName().equals(algorithm()));
  }

  Optional<String> text(String claim) {
    Object value = claims.get(claim);
    if (value != null && !(value instanceof String)) {
      throw new BadJwt("The claim is no text: " + claim);
    }
    return Optional.ofNullable((String) value).filter(text -> !text.isEmpty());
  }

  String requiredText(String claim) {
    return text(claim).orElseThrow(() -> new BadJwt("The claim is missing: " + claim));
  }

  void require(String claim, String expected) {
    if (!expected.equals(requiredText(claim))) {
      throw new BadJwt("The " + claim + " must be " + expected + ": " + claims.get(claim));
    }
  }

  /** Compares the aud; an array must hold exactly one value, if arrays are accepted at all. */
  void requireAudience(Collection<String> accepted, boolean arrays) {
    Object audience = claims.get("aud");
    if (arrays && audience instanceof List<?> list && list.size() == 1) {
      audience = list.get(0);
    }
    if (!(audience instanceof String text) || !accepted.contains(text)) {
      throw new BadJwt("The aud must be " + String.join(" or ", accepted) + ": " + audience);
    }
  }

  Instant instant(String claim) {
    if (!(claims.get(claim) instanceof Number seconds)) {
      throw new BadJwt("The claim is missing or no number: " + claim);
    }
    double value = seconds.doubleValue();
    if (!(value >= 0 && value <= LATEST_SECOND)) {
      throw new BadJwt("The claim is no number of seconds: " + claim);
    }
    return Instant.ofEpochSecond(seconds.longValue());
  }

  /** Holds exp, iat and nbf against the time. */
  void requireTimely(Instant now, Duration longestLifetime) {
    if (!now.isBefore(instant("exp"))) {
      throw new BadJwt("The JWT is expired");
    }
    if (instant("exp").isAfter(now.plus(longestLifetime).plus(SKEW))) {
      throw new BadJwt("The exp must be within " + longestLifetime);
    }
    for (String claim : List.of("iat", "nbf")) {
      if (claims.containsKey(claim)) {
        requireNotAhead(claim, now);
      }
    }
  }

  void requireNotAhead(String claim, Instant now) {
    if (instant(claim).isAfter(now.plus(SKEW))) {
      throw new BadJwt("The time lies ahead: " + claim);
    }
  }

  @Override
  public String toString() {
    return "JWT with typ " + Objects.toString(header.get("typ"), "none");
  }
}
