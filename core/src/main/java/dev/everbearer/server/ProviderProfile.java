package dev.everbearer.server;

import dev.everbearer.challenge.TokenRefusal;
import dev.everbearer.wire.Urls;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a server does beyond or against the specifications, as data. {@link #standard()} tolerates
 * what is harmless and common; {@link #strict()} tolerates nothing; everything else is switched on
 * one by one, or for a well-known server by its name ({@link #named}). Immutable and thread-safe.
 */
public final class ProviderProfile {

  private static final ProviderProfile STANDARD = builder().build();
  private static final ProviderProfile STRICT = builder().strict().build();

  private final @Nullable String provider;
  private final boolean isStrict;
  private final boolean isBasicRaw;
  private final boolean sendsClientIdWithBasic;
  private final boolean isAssertionForTokenEndpoint;
  private final @Nullable String clientJwtAudience;
  private final @Nullable String clientJwtType;
  private final boolean allowsAnyTokenCharacter;
  private final char scopeSeparator;
  private final @Nullable String absoluteExpiryMember;
  private final Map<String, String> tokenTypeAliases;
  private final Set<String> formMediaTypes;
  private final UnaryOperator<Map<String, Object>> answerMapper;
  private final @Nullable ExpectedIssuer expectedIssuer;
  private final ReuseWindow reuseWindow;
  private final @Nullable Duration idleLimit;
  private final @Nullable String offlineAdvice;
  private final TokenRefusal tokenRefusal;
  private final boolean omitsRedirectUri;

  private ProviderProfile(Builder builder) {
    this.provider = builder.provider;
    this.isStrict = builder.isStrict;
    this.isBasicRaw = builder.isBasicRaw;
    this.sendsClientIdWithBasic = builder.sendsClientIdWithBasic;
    this.isAssertionForTokenEndpoint = builder.isAssertionForTokenEndpoint;
    this.clientJwtAudience = builder.clientJwtAudience;
    this.clientJwtType = builder.clientJwtType;
    this.allowsAnyTokenCharacter = builder.allowsAnyTokenCharacter;
    this.scopeSeparator = builder.scopeSeparator;
    this.absoluteExpiryMember = builder.absoluteExpiryMember;
    this.tokenTypeAliases = Map.copyOf(builder.tokenTypeAliases);
    this.formMediaTypes = Set.copyOf(builder.formMediaTypes);
    this.answerMapper = builder.answerMapper;
    this.expectedIssuer = builder.expectedIssuer;
    this.reuseWindow = builder.reuseWindow;
    this.idleLimit = builder.idleLimit;
    this.offlineAdvice = builder.offlineAdvice;
    this.tokenRefusal = builder.tokenRefusal;
    this.omitsRedirectUri = builder.omitsRedirectUri;
  }

  /** What most servers need: the default. */
  public static ProviderProfile standard() {
    return STANDARD;
  }

  /** The letter of the specifications: every tolerated deviation is an error. */
  public static ProviderProfile strict() {
    return STRICT;
  }

  /**
   * The profile of a well-known server, such as {@code slack}, with all its switches: also those
   * that loosen a rule and do not apply by themselves.
   *
   * @throws IllegalArgumentException if no server of this name is known; the message lists them
   */
  public static ProviderProfile named(String provider) {
    return Providers.named(provider).named();
  }

  /**
   * The profile that applies by itself to a server, recognised by its host: only what loosens
   * nothing. Empty when it is none of the well-known ones.
   *
   * @param url its issuer or token endpoint
   * @throws IllegalArgumentException if the text is no URL
   */
  public static Optional<ProviderProfile> forServer(String url) {
    return Providers.at(Urls.parse("URL of the server", url)).map(Providers.Provider::recognised);
  }

  /** Starts from {@link #standard()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from this profile, to change some of it. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The name of the well-known server that this is, or began as; empty for others. */
  public Optional<String> provider() {
    return Optional.ofNullable(provider);
  }

  /** Whether tolerated deviations are errors. */
  public boolean isStrict() {
    return isStrict;
  }

  /** Whether Basic credentials are sent without form encoding. */
  public boolean isBasicRaw() {
    return isBasicRaw;
  }

  /** Whether {@code client_id} stands in the body beside Basic credentials. */
  public boolean sendsClientIdWithBasic() {
    return sendsClientIdWithBasic;
  }

  /** Whether client assertions have the token endpoint as their audience. */
  public boolean isAssertionForTokenEndpoint() {
    return isAssertionForTokenEndpoint;
  }

  /** The audience of client assertions; empty when it is the issuer or the token endpoint. */
  public Optional<String> assertionAudience() {
    return Optional.ofNullable(clientJwtAudience);
  }

  /** The {@code typ} of client assertions; empty when it is left out. */
  public Optional<String> assertionType() {
    return Optional.ofNullable(clientJwtType);
  }

  /** Whether access tokens may have visible ASCII characters outside the token68 alphabet. */
  public boolean allowsAnyTokenCharacter() {
    return allowsAnyTokenCharacter;
  }

  /** What separates the tokens of an answered scope. */
  public char scopeSeparator() {
    return scopeSeparator;
  }

  /** The member that holds the expiry as seconds since 1970, in place of {@code expires_in}. */
  public Optional<String> absoluteExpiryMember() {
    return Optional.ofNullable(absoluteExpiryMember);
  }

  /** Odd token types, in lower case, by the type that they mean. */
  public Map<String, String> tokenTypeAliases() {
    return tokenTypeAliases;
  }

  /** Media types, in lower case, whose bodies are read as form encoding. */
  public Set<String> formMediaTypes() {
    return formMediaTypes;
  }

  /** Brings an answer into the shape of RFC 6749 before it is read. */
  public UnaryOperator<Map<String, Object>> answerMapper() {
    return answerMapper;
  }

  /** What the server calls itself where that is not the configured issuer; empty when it is. */
  public Optional<ExpectedIssuer> expectedIssuer() {
    return Optional.ofNullable(expectedIssuer);
  }

  /** For how long the server takes a refresh token that it has replaced. */
  public ReuseWindow reuseWindow() {
    return reuseWindow;
  }

  /** After how long without use the server ends a refresh token; empty when nothing is known. */
  public Optional<Duration> idleLimit() {
    return Optional.ofNullable(idleLimit);
  }

  /** How this server is asked for a refresh token; empty when nothing is known. */
  public Optional<String> refreshTokenAdvice() {
    return Optional.ofNullable(offlineAdvice);
  }

  /** Which answers of APIs refuse a token, beside 401. */
  public TokenRefusal tokenRefusal() {
    return tokenRefusal;
  }

  /** Whether the token request of an authorization code has no {@code redirect_uri}. */
  public boolean omitsRedirectUri() {
    return omitsRedirectUri;
  }

  /** The name of the provider, if it is one of the well-known ones. */
  @Override
  public String toString() {
    return "ProviderProfile[%s%s]"
        .formatted(provider == null ? "" : provider, isStrict ? " strict" : "");
  }

  /** Builds a {@link ProviderProfile}. Not thread-safe. */
  public static final class Builder {

    private @Nullable String provider;
    private boolean isStrict;
    private boolean isBasicRaw;
    private boolean sendsClientIdWithBasic;
    private boolean isAssertionForTokenEndpoint;
    private @Nullable String clientJwtAudience;
    private @Nullable String clientJwtType = "client-authentication+jwt";
    private boolean allowsAnyTokenCharacter;
    private char scopeSeparator = ' ';
    private @Nullable String absoluteExpiryMember;
    private final Map<String, String> tokenTypeAliases = new HashMap<>();
    private final Set<String> formMediaTypes =
        new HashSet<>(Set.of("application/x-www-form-urlencoded"));
    private UnaryOperator<Map<String, Object>> answerMapper = UnaryOperator.identity();
    private @Nullable ExpectedIssuer expectedIssuer;
    private ReuseWindow reuseWindow = ReuseWindow.unknown();
    private @Nullable Duration idleLimit;
    private @Nullable String offlineAdvice;
    private TokenRefusal tokenRefusal = TokenRefusal.none();
    private boolean omitsRedirectUri;

    private Builder() {}

    private Builder(ProviderProfile profile) {
      this.provider = profile.provider;
      this.isStrict = profile.isStrict;
      this.isBasicRaw = profile.isBasicRaw;
      this.sendsClientIdWithBasic = profile.sendsClientIdWithBasic;
      this.isAssertionForTokenEndpoint = profile.isAssertionForTokenEndpoint;
      this.clientJwtAudience = profile.clientJwtAudience;
      this.clientJwtType = profile.clientJwtType;
      this.allowsAnyTokenCharacter = profile.allowsAnyTokenCharacter;
      this.scopeSeparator = profile.scopeSeparator;
      this.absoluteExpiryMember = profile.absoluteExpiryMember;
      this.tokenTypeAliases.putAll(profile.tokenTypeAliases);
      this.formMediaTypes.addAll(profile.formMediaTypes);
      this.answerMapper = profile.answerMapper;
      this.expectedIssuer = profile.expectedIssuer;
      this.reuseWindow = profile.reuseWindow;
      this.idleLimit = profile.idleLimit;
      this.offlineAdvice = profile.offlineAdvice;
      this.tokenRefusal = profile.tokenRefusal;
      this.omitsRedirectUri = profile.omitsRedirectUri;
    }

    Builder provider(String name) {
      this.provider = name;
      return this;
    }

    /** Tolerates nothing that the specifications forbid. Off by default. */
    public Builder strict() {
      this.isStrict = true;
      return this;
    }

    /**
     * Sends id and secret in the Basic header as they are, for servers that do not decode them
     * (against RFC 6749 section 2.3.1). Off by default.
     */
    public Builder rawBasic() {
      this.isBasicRaw = true;
      return this;
    }

    /** Repeats {@code client_id} in the body beside Basic credentials. Off by default. */
    public Builder clientIdWithBasic() {
      this.sendsClientIdWithBasic = true;
      return this;
    }

    /**
     * Makes the token endpoint the audience of client assertions, for older servers that take
     * nothing else. An assertion with such an audience can be abused by another server that names
     * this endpoint as its own, so the signing key must then be used at one server alone: using it
     * at a second one fails, as soon as such a client is built. Off by default: the audience is the
     * issuer.
     */
    public Builder assertionForTokenEndpoint() {
      this.isAssertionForTokenEndpoint = true;
      return this;
    }

    /**
     * The audience of client assertions: the issuer identifier of a server of which only the token
     * endpoint is configured. Where the issuer is configured it is the audience by itself, and
     * another one falls under the same limit as {@link #assertionForTokenEndpoint()}.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public Builder assertionAudience(String audience) {
      if (audience.isEmpty()) {
        throw new IllegalArgumentException("The audience is empty.");
      }
      this.clientJwtAudience = audience;
      return this;
    }

    /**
     * The {@code typ} of client assertions, such as {@code JWT} for older servers that insist on
     * it; null leaves it out. By default {@code client-authentication+jwt}, which the revision of
     * RFC 7523 requires of clients.
     */
    public Builder assertionType(@Nullable String typ) {
      this.clientJwtType = typ;
      return this;
    }

    /**
     * Takes access tokens with any visible ASCII character or space, where RFC 6750 section 2.1
     * wants the token68 alphabet. Off by default.
     */
    public Builder anyTokenCharacter() {
      this.allowsAnyTokenCharacter = true;
      return this;
    }

    /** What separates the tokens of an answered scope; a space by default. */
    public Builder scopeSeparator(char separator) {
      this.scopeSeparator = separator;
      return this;
    }

    /**
     * Reads the expiry from a member that holds seconds since 1970, such as {@code expires_at},
     * when there is no {@code expires_in}. None by default.
     */
    public Builder absoluteExpiry(String member) {
      this.absoluteExpiryMember = Objects.requireNonNull(member, "member");
      return this;
    }

    /** Reads an odd {@code token_type}, such as {@code bot}, as Bearer. None by default. */
    public Builder tokenTypeIsBearer(String tokenType) {
      tokenTypeAliases.put(tokenType.toLowerCase(Locale.ROOT), "Bearer");
      return this;
    }

    /**
     * Reads answers of a media type as form encoding. By default only {@code
     * application/x-www-form-urlencoded}.
     */
    public Builder formMediaType(String mediaType) {
      formMediaTypes.add(mediaType.toLowerCase(Locale.ROOT));
      return this;
    }

    /**
     * Brings an answer into the shape of RFC 6749 before it is read: for tokens nested elsewhere,
     * and errors that do not stand in {@code error}. What the mapper throws counts as a malformed
     * answer. By default answers are read as they are.
     */
    public Builder answerMapper(UnaryOperator<Map<String, Object>> mapper) {
      this.answerMapper = Objects.requireNonNull(mapper, "mapper");
      return this;
    }

    /**
     * Takes another name than the configured issuer in the server's metadata, its ID tokens and its
     * other answers: exactly this one, or those of these tenants. By default the configured issuer
     * and no other is taken. Left aside where an API names the server (RFC 9728).
     */
    public Builder expectedIssuer(ExpectedIssuer issuer) {
      this.expectedIssuer = Objects.requireNonNull(issuer, "issuer");
      return this;
    }

    /**
     * For how long the server takes a refresh token that it has replaced; unknown by default, which
     * is treated with the care of no window.
     */
    public Builder reuseWindow(ReuseWindow window) {
      this.reuseWindow = Objects.requireNonNull(window, "window");
      return this;
    }

    /**
     * After how long without use the server ends a refresh token, so that it can be renewed in
     * time; not known by default.
     *
     * @throws IllegalArgumentException unless it is positive
     */
    public Builder idleLimit(Duration limit) {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException("An idle limit is positive: " + limit);
      }
      this.idleLimit = limit;
      return this;
    }

    /**
     * How this server is asked for a refresh token: a sentence for the log, when a login brought
     * none. By default it is to ask for the scope {@code offline_access}.
     */
    public Builder refreshTokenAdvice(String sentence) {
      this.offlineAdvice = Objects.requireNonNull(sentence, "sentence");
      return this;
    }

    /** Which answers of APIs refuse a token, beside 401. None by default. */
    public Builder tokenRefusal(TokenRefusal refusal) {
      this.tokenRefusal = Objects.requireNonNull(refusal, "refusal");
      return this;
    }

    /**
     * Leaves {@code redirect_uri} out of the token request of an authorization code, as OAuth 2.1
     * has it, for servers that refuse it there. Off by default: RFC 6749 section 4.1.3 requires it,
     * and a server of OAuth 2.1 ignores it. The authorization request has it in any case.
     */
    public Builder omitRedirectUri() {
      this.omitsRedirectUri = true;
      return this;
    }

    /** The profile. */
    public ProviderProfile build() {
      return new ProviderProfile(this);
    }
  }
}
