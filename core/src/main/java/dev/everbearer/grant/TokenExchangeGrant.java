package dev.everbearer.grant;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One token for another (RFC 8693): on behalf of a person who has called us, or for the identity
 * that a platform gives its workloads. The tokens to be exchanged are read anew for each token
 * request, and are not sent again once the server has refused them.
 */
public final class TokenExchangeGrant extends ScopedGrant<TokenExchangeGrant> {

  private static final String REQUESTED_TYPE = "requested_token_type";

  /**
   * A token to be exchanged.
   *
   * @param source gives the token
   * @param type its token type identifier
   */
  private record Exchanged(AssertionSource source, String type) {

    Exchanged {
      Objects.requireNonNull(source, "source");
      if (Objects.requireNonNull(type, "type").isBlank()) {
        throw new IllegalArgumentException(
            "Say what kind of token it is, such as TokenType.ACCESS_TOKEN (RFC 8693 section 3).");
      }
    }

    String name() {
      return source.name() + " as " + type;
    }
  }

  private final Exchanged subjectToken;
  private final @Nullable Exchanged actorToken;

  private TokenExchangeGrant(
      Request request, Exchanged subjectToken, @Nullable Exchanged actorToken) {
    super(request);
    this.subjectToken = subjectToken;
    this.actorToken = actorToken;
  }

  static TokenExchangeGrant of(AssertionSource subjectToken, String subjectTokenType) {
    return new TokenExchangeGrant(
        Request.EMPTY, new Exchanged(subjectToken, subjectTokenType), null);
  }

  @Override
  TokenExchangeGrant with(Request newRequest) {
    return new TokenExchangeGrant(newRequest, subjectToken, actorToken);
  }

  /**
   * Says who acts on the subject's behalf; by default nobody is named.
   *
   * @param tokenType its token type identifier, such as {@link TokenType#JWT}
   * @throws IllegalArgumentException if the type is empty
   */
  public TokenExchangeGrant actorToken(AssertionSource actor, String tokenType) {
    return new TokenExchangeGrant(request(), subjectToken, new Exchanged(actor, tokenType));
  }

  /**
   * Asks for a token of another type than an access token that the server chooses by itself.
   *
   * @param tokenType a token type identifier; an answer with any other is refused
   * @throws IllegalArgumentException if it is empty
   */
  public TokenExchangeGrant requestedTokenType(String tokenType) {
    return with(request().withOwn(REQUESTED_TYPE, tokenType));
  }

  /** The token to be exchanged. */
  public AssertionSource subjectToken() {
    return subjectToken.source();
  }

  /** Its token type identifier. */
  public String subjectTokenType() {
    return subjectToken.type();
  }

  /** The token of whoever acts; empty when nobody is named. */
  public Optional<AssertionSource> actorToken() {
    return Optional.ofNullable(actorToken).map(Exchanged::source);
  }

  /** Its token type identifier; there exactly when the token is. */
  public Optional<String> actorTokenType() {
    return Optional.ofNullable(actorToken).map(Exchanged::type);
  }

  /** The type of token to ask for; empty leaves it to the server. */
  public Optional<String> requestedTokenType() {
    return Optional.ofNullable(request().parameters().get(REQUESTED_TYPE));
  }

  @Override
  public String grantType() {
    return "urn:ietf:params:oauth:grant-type:token-exchange";
  }

  /**
   * The names of the sources: a fixed token is known by its digest, so a new one is a new grant.
   */
  @Override
  public String subject() {
    return subjectToken.name() + (actorToken == null ? "" : " by " + actorToken.name());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenExchangeGrant that
        && request().equals(that.request())
        && subjectToken.equals(that.subjectToken)
        && Objects.equals(actorToken, that.actorToken);
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), subjectToken, actorToken);
  }
}
