package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * What an authorization server wants of assertions that stand for a grant (RFC 7523 section 2.1,
 * RFC 7522 section 2.1), and those that it has accepted. JWTs must be signed by an issuer that a
 * test names here; SAML assertions only have to be XML. Thread-safe.
 */
public final class AssertionGrantRules {

  private final Map<String, List<JWK>> issuers = new ConcurrentHashMap<>();
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private volatile Supplier<Set<String>> audiences;
  private volatile Duration longestLifetime = Duration.ofHours(1);

  AssertionGrantRules(Supplier<Set<String>> audiences) {
    this.audiences = audiences;
  }

  /**
   * Trusts an issuer of JWTs, or one more key of it.
   *
   * @param publicJwkJson the public key as JWK, in JSON
   */
  public AssertionGrantRules trust(String issuer, String publicJwkJson) {
    try {
      JWK key = JWK.parse(publicJwkJson);
      issuers.merge(issuer, List.of(key), AssertionGrantRules::join);
      return this;
    } catch (ParseException e) {
      throw new IllegalArgumentException("No JWK", e);
    }
  }

  private static List<JWK> join(List<JWK> some, List<JWK> more) {
    List<JWK> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  /**
   * Accepts exactly these audiences; at first the issuer and the token endpoint. It is one string
   * in any case.
   */
  public AssertionGrantRules acceptAudiences(String... values) {
    Set<String> all = new LinkedHashSet<>(List.of(values));
    audiences = () -> all;
    return this;
  }

  /** How far ahead {@code exp} may be; an hour at first. */
  public AssertionGrantRules longestLifetime(Duration value) {
    longestLifetime = value;
    return this;
  }

  /** The assertions accepted so far: JWTs in compact form, SAML assertions as XML. */
  public List<String> accepted() {
    return List.copyOf(accepted);
  }

  JWKSet keysOf(String issuer) {
    return new JWKSet(issuers.getOrDefault(issuer, List.of()));
  }

  Set<String> audiences() {
    return audiences.get();
  }

  Duration longestLifetime() {
    return longestLifetime;
  }

  void accept(String assertion) {
    accepted.add(assertion);
  }
}
