package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.grant.RefreshTokenGrant;
import dev.everbearer.protocol.IdTokenExpectation;
import dev.everbearer.protocol.IdTokenValidator;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The ID token that may come with refreshed tokens (OpenID Connect Core section 12.2): it must be
 * of the login that is refreshed, as far as this source has seen that login itself. Thread-safe.
 */
final class RefreshedIdToken {

  private static final String OPENID = "openid";

  private final Grant grant;
  private final IdTokenValidator validator;
  private volatile @Nullable Original original;

  /** The ID token of a login, and the generation of the grant that began with it. */
  private record Original(IdToken token, long generation) {}

  RefreshedIdToken(Grant grant, IdTokenValidator validator) {
    this.grant = grant;
    this.validator = validator;
    this.original =
        grant instanceof RefreshTokenGrant refresh
            ? refresh.idToken().map(token -> new Original(token, 0)).orElse(null)
            : null;
  }

  /**
   * A person has logged in anew.
   *
   * @param generation of the record that holds what came of that
   */
  void loggedIn(Answer answer, long generation) {
    original =
        answer
            .tokens()
            .validatedIdToken()
            .map(token -> new Original(token, generation))
            .orElse(null);
  }

  /**
   * The answer to a refresh. When the ID token is refused, or the server's keys cannot be had, its
   * access token is held back; a new refresh token is kept, for the one before may be over.
   *
   * @param generation of the record that the refresh token stood in: another login than the one
   *     that was seen here is not held against it
   * @throws OAuthException if the ID token is of another person: nothing of the answer may be used
   *     then
   * @throws InterruptedException when interrupted
   */
  Answer checked(Answer answer, long generation) throws InterruptedException {
    Secret token = answer.tokens().idToken().orElse(null);
    if (token == null || !isOfPerson() || !IdTokenValidator.hasKeys(answer.server())) {
      return answer;
    }
    IdToken known = originalOf(generation);
    IdTokenExpectation expected =
        IdTokenExpectation.ofRefresh(known).accessToken(answer.tokens().accessToken());
    try {
      return answer.with(validator.validate(token, expected));
    } catch (OAuthException e) {
      if (GrantExchange.kind(e) != FailureKind.MALFORMED) {
        return answer.withShortfall(e.failure().orElseThrow(() -> e));
      }
      if (validator.namesAnother(token, known)) {
        throw discarded("The tokens that came for the refresh token of %s are", e).toException();
      }
      return answer.withShortfall(
          discarded(
              "A new refresh token of %s is kept, and the access token that came with it is", e));
    }
  }

  private @Nullable IdToken originalOf(long generation) {
    Original known = original;
    return known == null || known.generation() != generation ? null : known.token();
  }

  private boolean isOfPerson() {
    boolean isOfKnownLogin = grant instanceof RefreshTokenGrant && original != null;
    boolean isOfLogin =
        grant instanceof InteractiveGrant<?> && grant.request().scope().tokens().contains(OPENID);
    return isOfKnownLogin || isOfLogin;
  }

  /** Not to be repeated by itself: the same person's session would not answer otherwise. */
  private Failure discarded(String what, OAuthException thrown) {
    return Failure.builder(
            FailureKind.REFUSED,
            "%s discarded. %s".formatted(what.formatted(grant), thrown.getMessage()))
        .cause(thrown)
        .build();
  }
}
