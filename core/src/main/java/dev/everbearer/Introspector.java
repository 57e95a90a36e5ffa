package dev.everbearer;

import dev.everbearer.client.JwtRegistration;
import dev.everbearer.protocol.IntrospectionEndpoint;
import dev.everbearer.protocol.IntrospectionJwts;
import dev.everbearer.protocol.RegisteredJwts;
import dev.everbearer.token.Introspection;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the authorization server what a token is worth (RFC 7662), for an API that is shown tokens
 * or for whoever wants to know. Thread-safe; shared by all who ask.
 *
 * <p>Every call either gets an answer or throws: that the server cannot be asked means neither that
 * a token is good nor that it is not.
 */
public final class Introspector {

  /** How far the server's clock may be ahead of ours. */
  private static final Duration TOLERANCE = Duration.ofSeconds(60);

  private final Setup setup;
  private final Sources sources;
  private final IntrospectionEndpoint endpoint;
  private final IntrospectionCache cache;
  private final Set<String> audience;
  private final @Nullable String issuer;

  private Introspector(Builder builder) {
    this.setup = builder.setup;
    this.sources = builder.sources;
    this.endpoint = new IntrospectionEndpoint(setup.caller(), builder.jwts());
    this.cache =
        new IntrospectionCache(builder.maxCached, builder.maxAge, setup.wall(), setup.nanoTime());
    this.audience = Set.copyOf(builder.audience);
    this.issuer = builder.issuer;
  }

  /**
   * What the server says of a token. A busy server is asked again for as long as the client's
   * {@code maxWait}.
   *
   * @throws dev.everbearer.token.OAuthException when there is no answer, and nothing is known of
   *     the token; an interrupt keeps its flag
   */
  public Introspection introspect(Secret token) {
    return introspect(token, "");
  }

  /**
   * As {@link #introspect(Secret)}.
   *
   * @param typeHint what kind of token it is, such as {@code access_token}; empty says nothing
   */
  public Introspection introspect(Secret token, String typeHint) {
    Objects.requireNonNull(typeHint, "typeHint");
    Introspection known = cache.get(token);
    if (known != null) {
      return known;
    }
    Introspection answer =
        Blocking.get(
            "Introspecting a token",
            () ->
                sources
                    .calls()
                    .make(left -> endpoint.introspect(token, typeHint, left), sources.patience()));
    cache.put(token, answer);
    return answer;
  }

  /**
   * Why a token must not be accepted from whoever has nothing to show but the token; empty when it
   * is good. It must be active, now between {@code nbf} and {@code exp}, for the required audience,
   * of the required issuer, and bound to nothing.
   */
  public Optional<String> objection(Introspection token) {
    return objection(token, Map.of());
  }

  /**
   * As {@link #objection(Introspection)}, for a caller that has proven to hold a key.
   *
   * @param proven what it has proven, by confirmation method: {@code jkt} with the thumbprint of
   *     its DPoP key, {@code x5t#S256} with that of its certificate. A token that is bound is
   *     refused unless each of its methods is here with the same value
   */
  public Optional<String> objection(Introspection token, Map<String, String> proven) {
    return Optional.ofNullable(objectionTo(token, proven, setup.wall().instant()));
  }

  private @Nullable String objectionTo(
      Introspection token, Map<String, String> proven, Instant now) {
    // 1. The server's own word.
    if (!token.isActive()) {
      return "The server calls the token not active: it is over, was revoked, or is none of its"
          + " tokens.";
    }
    // 2. The times, also of an answer that was kept.
    if (token.expiresAt().filter(end -> !now.isBefore(end)).isPresent()) {
      return "The token ended at " + token.expiresAt().get() + ".";
    }
    if (token.notBefore().filter(start -> now.plus(TOLERANCE).isBefore(start)).isPresent()) {
      return "The token is good from " + token.notBefore().get() + " on.";
    }
    // 3. Whom it is for and who issued it.
    if (!audience.isEmpty() && token.audience().stream().noneMatch(audience::contains)) {
      return "The token is not for any of " + audience + ".";
    }
    if (issuer != null && !token.issuer().equals(Optional.of(issuer))) {
      return "The token is not of the issuer " + issuer + ".";
    }
    // 4. What it is bound to.
    boolean isHeld =
        token.confirmation().entrySet().stream()
            .allMatch(each -> each.getValue().equals(proven.get(each.getKey())));
    return isHeld ? null : "The token is bound to a key that its caller has not shown.";
  }

  @Override
  public String toString() {
    return "Introspector[at " + setup.serverName() + "]";
  }

  /** Builds an {@link Introspector}. Not thread-safe. */
  public static final class Builder {

    private final Setup setup;
    private final Sources sources;
    private final Set<String> audience = new LinkedHashSet<>();
    private @Nullable String issuer;
    private @Nullable JwtRegistration registration;
    private int maxCached;
    private Duration maxAge = Duration.ZERO;

    Builder(Setup setup, Sources sources) {
      this.setup = setup;
      this.sources = sources;
    }

    /**
     * Requires a token to be for one of these; an answer without {@code aud} does not do. By
     * default it may be for anybody.
     */
    public Builder audience(String... identifiers) {
      audience.addAll(Set.of(identifiers));
      return this;
    }

    /**
     * Requires a token to be of this issuer; an answer without {@code iss} does not do. By default
     * it may be of any that the server vouches for.
     */
    public Builder issuer(String identifier) {
      this.issuer = Objects.requireNonNull(identifier, "issuer");
      return this;
    }

    /**
     * Asks for answers that the server signs for this client (RFC 9701), and takes no others: for
     * whoever must be able to prove what was said. By default answers are plain JSON.
     *
     * @param registered what is registered about them; without an algorithm it is {@code RS256}
     */
    public Builder signed(JwtRegistration registered) {
      this.registration = Objects.requireNonNull(registered, "registered");
      return this;
    }

    private @Nullable IntrospectionJwts jwts() {
      return registration == null
          ? null
          : new IntrospectionJwts(
              new RegisteredJwts(
                  setup.authentication().clientId(),
                  registration,
                  setup.keys(),
                  setup.authentication().clientSecret().orElse(null)),
              setup.wall());
    }

    /**
     * Keeps answers, so that the server is not asked for each request: by default none. For as long
     * a token may be revoked without our noticing.
     *
     * @param maxTokens how many answers are kept; the one that was not asked for the longest goes
     *     first
     * @param maxAge how long one is kept, a year at most; never beyond the token's {@code exp}
     * @throws IllegalArgumentException if one of them is not positive
     */
    public Builder cache(int maxTokens, Duration maxAge) {
      if (maxTokens < 1 || maxAge.isNegative() || maxAge.isZero()) {
        throw new IllegalArgumentException(
            "A cache keeps at least one answer for some time, not %d for %s."
                .formatted(maxTokens, maxAge));
      }
      this.maxCached = maxTokens;
      this.maxAge = maxAge;
      return this;
    }

    /**
     * The introspector.
     *
     * @throws IllegalArgumentException if an HMAC is registered and the client has no secret
     */
    public Introspector build() {
      return new Introspector(this);
    }
  }
}
