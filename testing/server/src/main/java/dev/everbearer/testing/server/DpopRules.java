package dev.everbearer.testing.server;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server wants of DPoP proofs (RFC 9449). At first proofs are checked when they come, and no
 * nonce is wanted. Each server has rules and nonces of its own. Thread-safe.
 */
public final class DpopRules {

  private volatile boolean required;
  private volatile boolean offered;
  private volatile boolean nonceRequired;
  private volatile boolean rotating;
  private volatile String nonce = RandomValues.next("nonce-");
  private volatile Duration proofLifetime = Duration.ofSeconds(60);
  private volatile List<String> algorithms =
      List.of("ES256", "ES384", "ES512", "PS256", "RS256", "Ed25519", "EdDSA");

  DpopRules() {}

  /**
   * Whether there must be a proof: with every token request, or with every call of an API, which
   * then takes no token but bound ones.
   */
  public DpopRules require(boolean value) {
    required = value;
    return this;
  }

  /** Whether an API that takes other tokens, too, challenges by DPoP beside Bearer. */
  public DpopRules offer(boolean value) {
    offered = value;
    return this;
  }

  /** Whether proofs must carry the present nonce, which then comes with every answer. */
  public DpopRules requireNonce(boolean value) {
    nonceRequired = value;
    return this;
  }

  /** Takes a new nonce; the one before is good no longer. */
  public DpopRules rotateNonce() {
    nonce = RandomValues.next("nonce-");
    return this;
  }

  /** Whether every answer takes a new nonce; only the newest is good. */
  public DpopRules rotateNonceOnEveryAnswer(boolean value) {
    rotating = value;
    return this;
  }

  /** Takes this nonce. */
  public DpopRules nonce(String value) {
    nonce = value;
    return this;
  }

  /** The nonce that is good at present. */
  public String nonce() {
    return nonce;
  }

  /** How old {@code iat} may be; a minute at first. */
  public DpopRules proofLifetime(Duration value) {
    proofLifetime = value;
    return this;
  }

  /** Accepts exactly these algorithms, and lists them in metadata and challenges. */
  public DpopRules acceptAlgorithms(String... values) {
    algorithms = List.of(values);
    return this;
  }

  boolean isRequired() {
    return required;
  }

  boolean isOffered() {
    return offered;
  }

  /** The nonce that proofs must carry; null if they need none. */
  @Nullable String requiredNonce() {
    return nonceRequired ? nonce : null;
  }

  Duration proofLifetime() {
    return proofLifetime;
  }

  List<String> algorithms() {
    return algorithms;
  }

  /** Adds the nonce for the client's next request. */
  Answer withNonce(Answer answer) {
    if (!nonceRequired) {
      return answer;
    }
    String next = rotating ? RandomValues.next("nonce-") : nonce;
    nonce = next;
    return answer.header("DPoP-Nonce", next);
  }
}
