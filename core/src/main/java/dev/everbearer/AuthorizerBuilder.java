package dev.everbearer;

import dev.everbearer.challenge.StepUp;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Binds the grants of an {@link OAuthClient} to origins, for an adapter of any HTTP client: what
 * comes is the same decision that {@link OAuthClient#http()} makes. Not thread-safe; the authorizer
 * is.
 */
public final class AuthorizerBuilder {

  private final OAuthClient client;
  private final BearerAuthorizer.Builder authorizer;
  private final Set<AuthorizationCodeGrant> logins = new HashSet<>();
  private boolean stepsUp;

  AuthorizerBuilder(OAuthClient client, Setup setup) {
    this.client = client;
    this.authorizer =
        BearerAuthorizer.builder()
            .maxWait(setup.maxWait())
            .clocks(setup.wall(), setup.nanoTime())
            .tokenRefusal(setup.profile().tokenRefusal())
            .allowPlainHttp(setup.rules().plainHttpHosts().toArray(String[]::new));
    if (!setup.rules().allowsLoopback()) {
      authorizer.requireHttpsOnLoopback();
    }
  }

  /**
   * Sends tokens of a grant to origins.
   *
   * @param origins such as {@code https://api.example.com}, or {@code https://*.example.com} for
   *     every host below it; plain http only on loopback; of several wildcards that match a request
   *     the longest wins, and an origin without one before all
   * @throws IllegalArgumentException if no origin is named, or the grant is not for this kind of
   *     client; an origin that cannot be bound fails at {@link #build}
   */
  public AuthorizerBuilder bind(Grant grant, String... origins) {
    authorizer.bind(client.tokens(grant), origins);
    if (grant instanceof AuthorizationCodeGrant login) {
      logins.add(login);
    }
    return this;
  }

  /** Sends tokens of a source to an origin. */
  AuthorizerBuilder bind(TokenSource source, String origin) {
    authorizer.bind(source, origin);
    return this;
  }

  /** Answers an API that wants more than the tokens of a source by those of another. */
  AuthorizerBuilder stepUp(TokenSource source, Function<StepUp, TokenSource> way) {
    authorizer.stepUp(source, way);
    return this;
  }

  /**
   * Has the person log in once more when an API wants another login (RFC 9470) or more scopes than
   * a grant of a login in a browser brought, and sends the request again: once for each request.
   * What comes is a grant of its own ({@link AuthorizationCodeGrant#stepUp}). Such a request waits
   * for the person unless it has a timeout. By default the answer is handed to the caller, and so
   * is one that wants something else than 100 different ones before it.
   */
  public AuthorizerBuilder stepUp() {
    this.stepsUp = true;
    return this;
  }

  /**
   * Throws a {@link dev.everbearer.token.StepUpRequiredException} in place of an answer by which an
   * API wants another login (RFC 9470) or more scopes, unless {@link #stepUp} brings that: for
   * programs without a person before them. By default the answer is handed to the caller.
   */
  public AuthorizerBuilder failOnStepUp() {
    authorizer.failOnStepUp();
    return this;
  }

  /**
   * How long a request without a timeout of its own waits for a token; by default as long as the
   * {@link OAuthClient} says. A request's own timeout covers waiting, sending and the replay.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public AuthorizerBuilder maxWait(Duration wait) {
    authorizer.maxWait(wait);
    return this;
  }

  /**
   * Lets requests to unbound origins pass, without a token. By default they are refused before
   * anything is sent.
   */
  public AuthorizerBuilder allowUnbound() {
    authorizer.allowUnbound();
    return this;
  }

  /** Follows redirects inside an origin for GET and HEAD, five at most. By default none. */
  public AuthorizerBuilder followSameOriginRedirects() {
    authorizer.followSameOriginRedirects();
    return this;
  }

  /**
   * The authorizer.
   *
   * @throws IllegalArgumentException if an origin cannot be bound, or is bound twice
   */
  public BearerAuthorizer build() {
    if (stepsUp) {
      logins.forEach(
          login ->
              authorizer.stepUp(
                  client.tokens(login), wanted -> client.tokens(login.stepUp(wanted))));
    }
    return authorizer.build();
  }
}
