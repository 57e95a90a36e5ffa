package dev.everbearer;

import dev.everbearer.challenge.StepUp;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.http.internal.AuthorizedHttpClient;
import dev.everbearer.http.internal.ClientRules;
import dev.everbearer.token.TokenSource;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link HttpClient} that attaches tokens. Tokens go only to the origins that are bound
 * here. Not thread-safe; the client is.
 */
public final class HttpClientBuilder {

  private final Setup setup;
  private final AuthorizerBuilder authorizer;
  private @Nullable HttpClient delegate;
  private int bufferedBytes;

  HttpClientBuilder(OAuthClient client, Setup setup) {
    this.setup = setup;
    this.authorizer = new AuthorizerBuilder(client, setup);
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
  public HttpClientBuilder bind(Grant grant, String... origins) {
    authorizer.bind(grant, origins);
    return this;
  }

  /** Sends tokens of a source to an origin. */
  HttpClientBuilder bind(TokenSource source, String origin) {
    authorizer.bind(source, origin);
    return this;
  }

  /**
   * Has the person log in once more when an API wants another login (RFC 9470) or more scopes than
   * a grant of a login in a browser brought, and sends the request again: once for each request.
   * What comes is a grant of its own ({@link AuthorizationCodeGrant#stepUp}). Such a request waits
   * for the person unless it has a timeout. By default the answer is handed to the caller, and so
   * is one that wants something else than 100 different ones before it.
   */
  public HttpClientBuilder stepUp() {
    authorizer.stepUp();
    return this;
  }

  /**
   * Throws a {@link dev.everbearer.token.StepUpRequiredException}, as the cause of an {@code
   * OAuthIOException}, in place of an answer by which an API wants another login (RFC 9470) or more
   * scopes, unless {@link #stepUp} brings that: for programs without a person before them. By
   * default the answer is handed to the caller.
   */
  public HttpClientBuilder failOnStepUp() {
    authorizer.failOnStepUp();
    return this;
  }

  /** Answers an API that wants more than the tokens of a source by those of another. */
  HttpClientBuilder stepUp(TokenSource source, Function<StepUp, TokenSource> way) {
    authorizer.stepUp(source, way);
    return this;
  }

  /**
   * Wraps your client, which stays yours to close. By default a client is made with the transport
   * settings of the {@link OAuthClient}.
   *
   * @throws IllegalArgumentException if it follows redirects, or drops the Authorization header
   *     because of an Authenticator on this JDK
   */
  public HttpClientBuilder over(HttpClient httpClient) {
    ClientRules.check(Objects.requireNonNull(httpClient, "httpClient"));
    this.delegate = httpClient;
    return this;
  }

  /**
   * How long a request without a timeout of its own waits for a token; by default as long as the
   * {@link OAuthClient} says. A request's own timeout covers waiting, sending and the replay.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public HttpClientBuilder maxWait(Duration wait) {
    authorizer.maxWait(wait);
    return this;
  }

  /**
   * Lets requests to unbound origins pass, without a token. By default they are refused before
   * anything is sent.
   */
  public HttpClientBuilder allowUnbound() {
    authorizer.allowUnbound();
    return this;
  }

  /** Follows redirects inside an origin for GET and HEAD, five at most. By default none. */
  public HttpClientBuilder followSameOriginRedirects() {
    authorizer.followSameOriginRedirects();
    return this;
  }

  /**
   * Keeps one-shot bodies up to a size while they are sent, so that they can be sent again after a
   * 401. By default none is kept, and such a request gets its 401.
   *
   * @param maxBytes for each request
   * @throws IllegalArgumentException if it is negative
   */
  public HttpClientBuilder bufferBodies(int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("A size is not negative: " + maxBytes);
    }
    this.bufferedBytes = maxBytes;
    return this;
  }

  /**
   * The client.
   *
   * @throws IllegalArgumentException if an origin cannot be bound, or the wrapped client cannot
   *     keep a token safe
   */
  public HttpClient build() {
    BearerAuthorizer bound = authorizer.build();
    HttpClient wrapped = delegate;
    return wrapped != null
        ? new AuthorizedHttpClient(wrapped, false, bound, bufferedBytes)
        : new AuthorizedHttpClient(
            setup.newHttpClient().apply(bound::bindsHost),
            setup.ownsHttpClients(),
            bound,
            bufferedBytes);
  }
}
