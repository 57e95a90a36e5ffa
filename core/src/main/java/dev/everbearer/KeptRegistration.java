package dev.everbearer;

import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A registration that is kept, and what is to be done with it: decided here alone, from data alone.
 *
 * @param wanted what the program has to be registered as
 * @param refused whom the server does not know ({@code invalid_client}); null when nobody was
 *     refused
 */
record KeptRegistration(
    ClientRegistration kept,
    ClientMetadata wanted,
    @Nullable ClientRegistration refused,
    Instant now) {

  private static final Duration LONGEST_MARGIN = Duration.ofDays(1);
  private static final int MARGIN_PART = 5;
  private static final int UNAUTHORIZED = 401;
  private static final String GRANT_TYPES = "grant_types";
  private static final String REDIRECT_URIS = "redirect_uris";

  /** What a client that names no grant types is registered for (RFC 7591 section 2). */
  private static final List<String> DEFAULT_GRANT_TYPES = List.of("authorization_code");

  private static final Set<String> KEYS = Set.of("jwks", "jwks_uri");

  /** What the name of a certificate's subject is registered by (RFC 8705 section 2.1.2). */
  private static final String CERTIFICATE = "tls_client_auth_";

  /** What is to be done. */
  enum Step {
    /** Go on with it. */
    USE,
    /** Update it at the server (RFC 7592 section 2.2), which may bring a new secret. */
    UPDATE,
    /** Register anew. */
    REGISTER,
    /** Nothing helps now: tell what failed. */
    FAIL
  }

  /** Whether a secret lasts for a while: its last fifth has not begun, a day at most. */
  static boolean hasLastingSecret(ClientRegistration registration, Instant now) {
    return registration
        .secretExpiresAt()
        .map(end -> now.isBefore(end.minus(margin(registration, end))))
        .orElse(true);
  }

  private static Duration margin(ClientRegistration registration, Instant end) {
    Duration part =
        registration
            .secretObtainedAt()
            .map(start -> Duration.between(start, end).dividedBy(MARGIN_PART))
            .orElse(LONGEST_MARGIN);
    return part.compareTo(LONGEST_MARGIN) < 0 ? part : LONGEST_MARGIN;
  }

  /** What is done first. */
  Step step() {
    // 1. What the server refuses is of no use as it is.
    if (isRefused()) {
      return isManageable() ? Step.UPDATE : Step.REGISTER;
    }
    // 2. Good as it is.
    if (isCovering() && hasLastingSecret(kept, now)) {
      return Step.USE;
    }
    // 3. The server may better it; else it serves for as long as it can.
    if (isManageable()) {
      return Step.UPDATE;
    }
    return isCovering() && !isOver() ? Step.USE : Step.REGISTER;
  }

  /** What is done after the update brought this. */
  Step after(ClientRegistration updated) {
    return refused != null && isNoBetter(updated, refused) ? Step.REGISTER : Step.USE;
  }

  /** What is done after the update failed. */
  Step after(OAuthException failed) {
    // 1. The registration is gone (RFC 7592 section 2.2).
    if (status(failed) == UNAUTHORIZED) {
      return Step.REGISTER;
    }
    boolean isOfNoUse = isRefused() || isOver();
    // 2. The server will not update it, today or tomorrow.
    if (isFinal(failed)) {
      return isOfNoUse ? Step.REGISTER : isCovering() ? Step.USE : Step.FAIL;
    }
    // 3. It may be updated another time.
    return isOfNoUse ? Step.FAIL : Step.USE;
  }

  private boolean isRefused() {
    return refused != null && isSameClient(kept, refused);
  }

  /** A longer life of the same secret helps where its end was what the server refused. */
  private boolean isNoBetter(ClientRegistration updated, ClientRegistration than) {
    return isOver() ? isSameClient(updated, than) : isSameProof(updated, than);
  }

  /**
   * Whether both prove themselves in the same way, and for as long: by what they are managed, and
   * what else a server says of them, does not count.
   */
  static boolean isSameClient(ClientRegistration one, ClientRegistration other) {
    return isSameProof(one, other) && one.secretExpiresAt().equals(other.secretExpiresAt());
  }

  private static boolean isSameProof(ClientRegistration one, ClientRegistration other) {
    return one.clientId().equals(other.clientId())
        && one.clientSecret().equals(other.clientSecret())
        && proof(one.metadata()).equals(proof(other.metadata()));
  }

  private static Map<String, Object> proof(ClientMetadata metadata) {
    Map<String, Object> proof = new HashMap<>(metadata.members());
    proof.keySet().removeIf(name -> !KEYS.contains(name) && !name.startsWith(CERTIFICATE));
    proof.put("method", metadata.authMethod().orElse("client_secret_basic"));
    return proof;
  }

  private boolean isManageable() {
    return kept.registrationAccessToken().isPresent() && kept.configurationUri().isPresent();
  }

  private boolean isOver() {
    return kept.secretExpiresAt().map(end -> !now.isBefore(end)).orElse(false);
  }

  private boolean isCovering() {
    return covers(GRANT_TYPES) && covers(REDIRECT_URIS);
  }

  private boolean covers(String list) {
    List<String> registered = kept.metadata().texts(list);
    return registered.isEmpty() || registered.containsAll(wanted(list));
  }

  private List<String> wanted(String list) {
    List<String> named = wanted.texts(list);
    return named.isEmpty() && list.equals(GRANT_TYPES) ? DEFAULT_GRANT_TYPES : named;
  }

  /**
   * What the server is asked for: beside what is wanted here also the grant types and redirects
   * that it is registered for, which the program needs for other APIs of this server. Without them
   * two such APIs would take them from each other at every start.
   */
  ClientMetadata wantedByAll() {
    ClientMetadata all = wanted;
    for (String list : List.of(GRANT_TYPES, REDIRECT_URIS)) {
      List<String> registered = kept.metadata().texts(list);
      if (!registered.isEmpty()) {
        all =
            all.with(
                list,
                Stream.concat(wanted(list).stream(), registered.stream()).distinct().toList());
      }
    }
    return all;
  }

  private static int status(OAuthException failed) {
    return failed.failure().map(Failure::status).orElse(0);
  }

  /** Whether an answer says no, such as 403 or 405, rather than not now. */
  private static boolean isFinal(OAuthException failed) {
    boolean isPassing =
        failed
            .failure()
            .map(Failure::kind)
            .filter(kind -> kind.isTransient() && kind != FailureKind.MALFORMED)
            .isPresent();
    return !isPassing && status(failed) >= 400 && status(failed) < 500;
  }

  /** The client id and the issuer. */
  @Override
  public String toString() {
    return kept.toString();
  }
}
