package dev.everbearer.store;

import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.Secret;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one grant: the refresh token, and an access token for each variant. Written
 * whole, by compare-and-set on its version. Immutable and thread-safe; prints no secret.
 */
public final class GrantRecord {

  private final long generation;
  private final long version;
  private final @Nullable Secret refreshToken;
  private final @Nullable ServerIdentity server;
  private final @Nullable String refreshTokenKey;
  private final @Nullable RefreshTokenLife refreshTokenLife;
  private final Map<Variant, StoredToken> tokens;
  private final List<PendingRevocation> toRevoke;
  private final RotationState rotation;
  private final LoginRequiredException.@Nullable Reason dead;

  private GrantRecord(Builder builder) {
    this.generation = builder.generation;
    this.version = builder.version;
    this.refreshToken = builder.refreshToken;
    this.server = builder.server;
    this.refreshTokenKey = builder.refreshTokenKey;
    this.refreshTokenLife = builder.refreshTokenLife;
    this.tokens = Map.copyOf(builder.tokens);
    this.toRevoke = builder.toRevoke;
    this.rotation = builder.rotation;
    this.dead = builder.dead;
  }

  /** A record that was never written: version 0, with nothing in it. */
  public static GrantRecord absent() {
    return new Builder().build();
  }

  /**
   * A record as a store kept it.
   *
   * @param generation as it was
   * @param version as it was
   */
  public static Builder restoring(long generation, long version) {
    Builder builder = new Builder().generation(generation);
    builder.version = version;
    return builder;
  }

  /** Counts logins and logouts: a renewal of an older generation never overwrites a newer one. */
  public long generation() {
    return generation;
  }

  /** Counts writes; 0 when the record was never written. */
  public long version() {
    return version;
  }

  /** The refresh token that is good now, as far as is known. */
  public Optional<Secret> refreshToken() {
    return Optional.ofNullable(refreshToken);
  }

  /** The server that gave what is held here; a refresh token goes to no other. */
  public Optional<ServerIdentity> server() {
    return Optional.ofNullable(server);
  }

  /**
   * The thumbprint of the key that the refresh token is bound to (RFC 9449 section 5); empty when
   * it is bound to none, as with clients that can prove who they are.
   */
  public Optional<String> refreshTokenKey() {
    return Optional.ofNullable(refreshTokenKey);
  }

  /** How long the refresh token may live; empty when nothing is known of that. */
  public Optional<RefreshTokenLife> refreshTokenLife() {
    return Optional.ofNullable(refreshTokenLife);
  }

  /** The access token of a variant. */
  public Optional<StoredToken> token(Variant variant) {
    return Optional.ofNullable(tokens.get(variant));
  }

  /** The access tokens of all variants. */
  public Map<Variant, StoredToken> tokens() {
    return tokens;
  }

  /** What is out of use since a logout and not revoked yet, in the order to do that. */
  public List<PendingRevocation> toRevoke() {
    return toRevoke;
  }

  /** Who may send the refresh token, who has, and what came of that. */
  public RotationState rotation() {
    return rotation;
  }

  /** When the refresh token was sent, and no answer to that was ever seen; empty otherwise. */
  public Optional<UnclearSend> unclear() {
    return Optional.ofNullable(rotation.unclear());
  }

  /**
   * Whether somebody may be sending the refresh token under a lease right now. A write that begins
   * that has nothing new for others; stores need not tell of it ({@link TokenStore#watch}).
   */
  public boolean isClaimed() {
    return dead == null && rotation.lease() != null && rotation.unclear() != null;
  }

  /** Whether it is not known that the server still takes the refresh token. */
  public boolean isSuspect() {
    return dead == null && (rotation.unclear() != null || rotation.isRefused());
  }

  /** Why the grant is over; empty while it lives. A dead record is a tombstone, not a deletion. */
  public Optional<LoginRequiredException.Reason> dead() {
    return Optional.ofNullable(dead);
  }

  /** Starts the next version of this record. */
  public Builder next() {
    return new Builder(this);
  }

  @Override
  public String toString() {
    return "GrantRecord[generation=%d, version=%d, %s, %d access tokens, %d to revoke]"
        .formatted(
            generation,
            version,
            dead != null ? "dead: " + dead : isSuspect() ? "suspect" : "live",
            tokens.size(),
            toRevoke.size());
  }

  /** Builds the next version of a record. Not thread-safe. */
  public static final class Builder {

    private long generation;
    private long version;
    private @Nullable Secret refreshToken;
    private @Nullable ServerIdentity server;
    private @Nullable String refreshTokenKey;
    private @Nullable RefreshTokenLife refreshTokenLife;
    private final Map<Variant, StoredToken> tokens = new HashMap<>();
    private List<PendingRevocation> toRevoke = List.of();
    private RotationState rotation = RotationState.NONE;
    private LoginRequiredException.@Nullable Reason dead;

    private Builder() {}

    private Builder(GrantRecord from) {
      this.generation = from.generation;
      this.version = from.version + 1;
      this.refreshToken = from.refreshToken;
      this.server = from.server;
      this.refreshTokenKey = from.refreshTokenKey;
      this.refreshTokenLife = from.refreshTokenLife;
      this.tokens.putAll(from.tokens);
      this.toRevoke = from.toRevoke;
      this.rotation = from.rotation;
      this.dead = from.dead;
    }

    /** Begins a new generation: a login or a logout. What is to be revoked stays so. */
    public Builder newGeneration() {
      return generation(generation + 1);
    }

    private Builder generation(long next) {
      generation = next;
      tokens.clear();
      rotation = RotationState.NONE;
      dead = null;
      return this;
    }

    /** The refresh token, with the server that gave it; null when there is none. */
    public Builder refreshToken(@Nullable Secret token, @Nullable ServerIdentity givenBy) {
      return refreshToken(token, givenBy, null);
    }

    /**
     * As {@link #refreshToken(Secret, ServerIdentity)}, for one that is bound to a key.
     *
     * @param keyThumbprint of the key; null when it is bound to none
     */
    public Builder refreshToken(
        @Nullable Secret token, @Nullable ServerIdentity givenBy, @Nullable String keyThumbprint) {
      this.refreshToken = token;
      this.server = givenBy;
      this.refreshTokenKey = token == null ? null : keyThumbprint;
      this.refreshTokenLife = null;
      this.rotation = rotation.withUnclear(null);
      return this;
    }

    /**
     * How long the refresh token may live: said after the token itself, of which nothing is known
     * otherwise. Null when nothing is.
     */
    public Builder refreshTokenLife(@Nullable RefreshTokenLife life) {
      this.refreshTokenLife = life;
      return this;
    }

    /** The access token of a variant. */
    public Builder token(Variant variant, StoredToken token) {
      tokens.put(Objects.requireNonNull(variant), Objects.requireNonNull(token));
      return this;
    }

    /** What is out of use and to be revoked, in this order, in place of what was. */
    public Builder toRevoke(List<PendingRevocation> pending) {
      this.toRevoke = List.copyOf(pending);
      return this;
    }

    /** Leaves out the access tokens that are over; those of unknown life stay. */
    public Builder withoutEnded(Instant now) {
      tokens.values().removeIf(each -> each.isOver(now));
      return this;
    }

    /** The refresh token was sent, and no answer was seen. */
    public Builder unclear(UnclearSend send) {
      return rotation(rotation.withUnclear(Objects.requireNonNull(send, "send")));
    }

    /** Who may send the refresh token, who has, and what came of that. */
    public Builder rotation(RotationState state) {
      this.rotation = Objects.requireNonNull(state, "state");
      return this;
    }

    /** The grant is over. */
    public Builder dead(LoginRequiredException.Reason reason) {
      this.dead = reason;
      return this;
    }

    /** The grant lives, whatever was thought before. */
    public Builder alive() {
      this.dead = null;
      return this;
    }

    /** The record. */
    public GrantRecord build() {
      return new GrantRecord(this);
    }

    @Override
    public String toString() {
      return "Builder of " + build();
    }
  }
}
