package dev.everbearer.client;

import dev.everbearer.grant.AssertionSource;
import dev.everbearer.jose.Base64Url;
import dev.everbearer.jose.Sha256;
import dev.everbearer.jose.SignatureAlgorithm;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the JWTs of a jwt-bearer grant (RFC 7523 section 3) for programs that sign them with a key
 * of their own, such as service accounts: a new one, with a new {@code jti}, for each token
 * request. Each method gives a new value. Immutable and thread-safe.
 *
 * <pre>{@code
 * AssertionSource assertions =
 *     JwtAssertion.signedBy(key, "my-service", "https://id.example.com").subject("user-1").source();
 * }</pre>
 */
public final class JwtAssertion {

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int JTI_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Set<String> SET_HERE =
      Set.of("iss", "sub", "aud", "iat", "exp", "jti", "nbf");

  private final SigningKey key;
  private final String issuer;
  private final String subject;
  private final String audience;
  private final Duration life;
  private final Map<String, Object> claims;
  private final InstantSource clock;

  private JwtAssertion(
      SigningKey key,
      String issuer,
      String subject,
      String audience,
      Duration life,
      Map<String, Object> claims,
      InstantSource clock) {
    this.key = key;
    this.issuer = issuer;
    this.subject = subject;
    this.audience = audience;
    this.life = life;
    this.claims = claims;
    this.clock = clock;
  }

  /**
   * Assertions of an issuer about itself: {@code iss} and {@code sub} are the same.
   *
   * @param issuer who the server knows the key by
   * @param audience the one {@code aud}: the server's issuer identifier or, for servers that want
   *     that, its token endpoint
   * @throws IllegalArgumentException if issuer or audience is empty
   */
  public static JwtAssertion signedBy(SigningKey key, String issuer, String audience) {
    Objects.requireNonNull(key, "key");
    requireText("issuer", issuer);
    requireText("audience", audience);
    return new JwtAssertion(
        key, issuer, issuer, audience, Duration.ofMinutes(1), Map.of(), InstantSource.system());
  }

  /** For whom tokens are wanted ({@code sub}); by default the issuer itself. */
  public JwtAssertion subject(String name) {
    requireText("subject", name);
    return new JwtAssertion(key, issuer, name, audience, life, claims, clock);
  }

  /**
   * How long each is good; one minute by default.
   *
   * @throws IllegalArgumentException unless it is at least a second and at most one hour
   */
  public JwtAssertion life(Duration duration) {
    if (duration.toSeconds() < 1 || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "An assertion is good for one second to one hour: " + duration);
    }
    return new JwtAssertion(key, issuer, subject, audience, duration, claims, clock);
  }

  /**
   * Adds a claim, in place of an earlier one of its name.
   *
   * @param value a string, number or boolean, or a list or map of them
   * @throws IllegalArgumentException if the library sets it itself
   */
  public JwtAssertion claim(String name, Object value) {
    if (SET_HERE.contains(name)) {
      throw new IllegalArgumentException(name + " is set by the library.");
    }
    Map<String, Object> more = new LinkedHashMap<>(claims);
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return new JwtAssertion(
        key, issuer, subject, audience, life, Collections.unmodifiableMap(more), clock);
  }

  /** The clock that stamps them; the system's by default. */
  public JwtAssertion clock(InstantSource wallClock) {
    Objects.requireNonNull(wallClock, "wallClock");
    return new JwtAssertion(key, issuer, subject, audience, life, claims, wallClock);
  }

  private static void requireText(String what, String text) {
    if (Objects.requireNonNull(text, what).isBlank()) {
      throw new IllegalArgumentException("The assertion's " + what + " is empty.");
    }
  }

  /**
   * Where the grant takes them from. Sources are equal if all that they say is, whatever the key:
   * so a new key keeps the grant.
   */
  public AssertionSource source() {
    return AssertionSource.supplier(
        "JWT of %s for %s to %s%s"
            .formatted(issuer, subject, audience, claims.isEmpty() ? "" : " #" + digest()),
        this::write);
  }

  /** Tells claims apart without showing them. */
  private String digest() {
    return Sha256.base64Url(new TreeMap<>(claims).toString()).substring(0, 12);
  }

  private String write() {
    Map<String, Object> all = new LinkedHashMap<>();
    Instant now = clock.instant();
    all.put("iss", issuer);
    all.put("sub", subject);
    all.put("aud", audience);
    all.put("iat", now.getEpochSecond());
    all.put("exp", now.plus(life).getEpochSecond());
    all.put("jti", newId());
    all.putAll(claims);
    SignatureAlgorithm algorithm = Objects.requireNonNull(key.algorithmFor(null));
    return key.sign(algorithm, "JWT", all);
  }

  private static String newId() {
    byte[] id = new byte[JTI_BYTES];
    RANDOM.nextBytes(id);
    return Base64Url.encode(id);
  }

  /** Who says it of whom to whom; other claims by name only, for their values may be secret. */
  @Override
  public String toString() {
    return "JwtAssertion[%s for %s to %s, claims %s, %s]"
        .formatted(issuer, subject, audience, claims.keySet(), key);
  }
}
