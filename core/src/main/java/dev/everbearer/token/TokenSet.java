package dev.everbearer.token;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One successful answer of the token endpoint (RFC 6749 section 5.1). Prints no value, and no name
 * that the server chose. Immutable and thread-safe.
 */
public final class TokenSet {

  private final AccessToken accessToken;
  private final @Nullable Duration expiresIn;
  private final @Nullable Secret refreshToken;
  private final @Nullable Secret idToken;
  private final @Nullable IdToken validatedIdToken;
  private final List<AuthorizationDetail> authorizationDetails;
  private final Map<String, Object> extras;

  private TokenSet(Builder builder) {
    this.accessToken = builder.accessToken;
    this.expiresIn = builder.expiresIn;
    this.refreshToken = builder.refreshToken;
    this.idToken = builder.idToken;
    this.validatedIdToken = builder.validatedIdToken;
    this.authorizationDetails = builder.authorizationDetails;
    this.extras = Collections.unmodifiableMap(new LinkedHashMap<>(builder.extras));
  }

  /** Starts a token set that holds an access token and nothing else. */
  public static Builder builder(AccessToken accessToken) {
    return new Builder(accessToken);
  }

  /** The access token. */
  public AccessToken accessToken() {
    return accessToken;
  }

  /**
   * The life of the access token, counted from the moment its request was sent. Zero: good for the
   * callers at hand, never kept. Empty: the server did not say, or said something meaningless.
   */
  public Optional<Duration> expiresIn() {
    return Optional.ofNullable(expiresIn);
  }

  /** The refresh token of this answer, if it brought one. */
  public Optional<Secret> refreshToken() {
    return Optional.ofNullable(refreshToken);
  }

  /** The ID token of this answer, unchecked, if it brought one. */
  public Optional<Secret> idToken() {
    return Optional.ofNullable(idToken);
  }

  /**
   * Who logged in: the ID token, validated by OpenID Connect Core section 3.1.3.7. Empty for all
   * but the answer to a login with the scope {@code openid}.
   */
  public Optional<IdToken> validatedIdToken() {
    return Optional.ofNullable(validatedIdToken);
  }

  /** The scope that was granted: what the answer said, else what was asked for. */
  public Optional<Scope> scope() {
    return accessToken.scope();
  }

  /**
   * The authorization details that were granted (RFC 9396 section 7): what the answer said, else
   * what was asked for. They may say more than was asked for, or less; see {@link
   * AuthorizationDetail#covers}. Empty without any.
   */
  public List<AuthorizationDetail> authorizationDetails() {
    return authorizationDetails;
  }

  /**
   * Every other member of the answer, by name, in order: strings, numbers (as {@link
   * java.math.BigDecimal}), booleans, lists and maps; JSON {@code null} members are left out.
   */
  public Map<String, Object> extras() {
    return extras;
  }

  /** Starts a token set with the same contents. */
  public Builder toBuilder() {
    return new Builder(accessToken)
        .expiresIn(expiresIn)
        .refreshToken(refreshToken)
        .idToken(idToken)
        .validatedIdToken(validatedIdToken)
        .authorizationDetails(authorizationDetails)
        .extras(extras);
  }

  @Override
  public String toString() {
    return "TokenSet["
        + accessToken
        + (refreshToken == null ? "" : ", with refresh token")
        + (idToken == null ? "" : ", with ID token")
        + others()
        + "]";
  }

  /** The server chose their names, so they are not shown either. */
  private String others() {
    return extras.isEmpty()
        ? ""
        : ", with %d other member%s".formatted(extras.size(), extras.size() == 1 ? "" : "s");
  }

  /** Builds a {@link TokenSet}. Not thread-safe. */
  public static final class Builder {

    private final AccessToken accessToken;
    private @Nullable Duration expiresIn;
    private @Nullable Secret refreshToken;
    private @Nullable Secret idToken;
    private @Nullable IdToken validatedIdToken;
    private List<AuthorizationDetail> authorizationDetails = List.of();
    private Map<String, Object> extras = Map.of();

    private Builder(AccessToken accessToken) {
      this.accessToken = Objects.requireNonNull(accessToken, "accessToken");
    }

    /** The life; null (the default) when it is not known. */
    public Builder expiresIn(@Nullable Duration life) {
      this.expiresIn = life;
      return this;
    }

    /** The refresh token; null (the default) when there is none. */
    public Builder refreshToken(@Nullable Secret token) {
      this.refreshToken = token;
      return this;
    }

    /** The ID token; null (the default) when there is none. */
    public Builder idToken(@Nullable Secret token) {
      this.idToken = token;
      return this;
    }

    /** The ID token after its validation; null (the default) when there was none. */
    public Builder validatedIdToken(@Nullable IdToken token) {
      this.validatedIdToken = token;
      return this;
    }

    /** The authorization details that were granted; none by default. */
    public Builder authorizationDetails(List<AuthorizationDetail> details) {
      this.authorizationDetails = List.copyOf(details);
      return this;
    }

    /** The other members; none by default. */
    public Builder extras(Map<String, Object> members) {
      this.extras = new LinkedHashMap<>(members);
      return this;
    }

    /** The token set. */
    public TokenSet build() {
      return new TokenSet(this);
    }

    @Override
    public String toString() {
      return "Builder of " + build();
    }
  }
}
