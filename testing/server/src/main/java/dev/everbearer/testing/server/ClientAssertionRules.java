package dev.everbearer.testing.server;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What an authorization server wants of the JWTs by which clients authenticate: {@code
 * private_key_jwt} and {@code client_secret_jwt} (RFC 7523 and its revision). At first that is a
 * {@code typ} of {@code client-authentication+jwt}, the issuer as {@code aud} in one string, {@code
 * iss} and {@code sub} that are the client id, {@code iat}, an {@code exp} within five minutes and
 * a {@code jti} never seen before. Older servers are imitated with the methods below. Thread-safe.
 */
public final class ClientAssertionRules {

  private volatile Supplier<Set<String>> audiences;
  private volatile boolean audienceArrays;
  private volatile List<String> typs = List.of("client-authentication+jwt");
  private volatile Duration longestLifetime = Duration.ofMinutes(5);
  private volatile List<String> algorithms =
      List.of(
          "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512",
          "Ed25519", "EdDSA", "HS256", "HS384", "HS512");

  ClientAssertionRules(Supplier<String> issuer) {
    audiences = () -> Set.of(issuer.get());
  }

  /** Accepts exactly these audiences from now on, such as the URL of the token endpoint. */
  public ClientAssertionRules acceptAudiences(String first, String... more) {
    Set<String> all = new HashSet<>(List.of(more));
    all.add(first);
    audiences = () -> all;
    return this;
  }

  /** Whether {@code aud} may be an array of one accepted value; not so at first. */
  public ClientAssertionRules acceptAudienceArrays(boolean value) {
    audienceArrays = value;
    return this;
  }

  /** Accepts exactly these values of {@code typ}; an empty text stands for none at all. */
  public ClientAssertionRules acceptTyps(String... values) {
    typs = List.of(values);
    return this;
  }

  /** Accepts exactly these algorithms, and lists them in the metadata. */
  public ClientAssertionRules acceptAlgorithms(String... values) {
    algorithms = List.of(values);
    return this;
  }

  /** How far ahead {@code exp}, and how far back {@code iat}, may be; five minutes at first. */
  public ClientAssertionRules longestLifetime(Duration value) {
    longestLifetime = value;
    return this;
  }

  Set<String> audiences() {
    return audiences.get();
  }

  boolean areAudienceArraysAccepted() {
    return audienceArrays;
  }

  List<String> typs() {
    return typs;
  }

  List<String> algorithms() {
    return algorithms;
  }

  Duration longestLifetime() {
    return longestLifetime;
  }
}
