package dev.everbearer;

import dev.everbearer.challenge.StepUp;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.renewal.internal.KnownStepUps;
import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What was found out from the URL of an API: its metadata, a client at the authorization server
 * that it names, and the grant to ask that server for. Thread-safe; close it when done.
 */
public final class ResourceClient implements AutoCloseable {

  static final Set<TokenState> IN_HAND =
      EnumSet.of(TokenState.FRESH, TokenState.RENEWABLE, TokenState.DUE);

  /** The client, as it is now, and what closes it. */
  record Access(
      Supplier<OAuthClient> client,
      Function<Grant, TokenSource> tokens,
      Runnable close,
      InstantSource wall) {

    static Access of(OAuthClient client, InstantSource wall) {
      return new Access(() -> client, client::tokens, client::close, wall);
    }

    static Access of(EnrolledClient enrolled, LongSupplier nanoTime, InstantSource wall) {
      return new Access(
          () -> enrolled.current().client(),
          grant -> new EnrolledSource(enrolled, grant, nanoTime),
          enrolled::close,
          wall);
    }
  }

  private final ResourceStart.Place place;
  private final ResourceMetadata metadata;
  private final String issuer;
  private final InteractiveGrant<?> grant;
  private final Access access;
  private final boolean stepsUp;
  private final HttpClient http;
  private final KnownStepUps stepUps = new KnownStepUps();

  ResourceClient(
      ResourceStart.Place place,
      ResourceMetadata metadata,
      String issuer,
      InteractiveGrant<?> grant,
      Access access,
      boolean stepsUp) {
    this.place = place;
    this.metadata = metadata;
    this.issuer = issuer;
    this.grant = grant;
    this.access = access;
    this.stepsUp = stepsUp;
    this.http = http(grant);
  }

  private HttpClient http(InteractiveGrant<?> asked) {
    TokenSource tokens = access.tokens().apply(asked);
    HttpClientBuilder builder = client().http().bind(tokens, place.origin());
    return (stepsUp
            ? builder.stepUp(tokens, wanted -> access.tokens().apply(asked.stepUp(wanted)))
            : builder)
        .build();
  }

  /**
   * Sends tokens to the origin of the API and refuses every other; the first request has the person
   * log in. It is the same one each time. When this object is closed it gets no more tokens; its
   * connections end when nobody refers to it any more.
   */
  public HttpClient http() {
    return http;
  }

  /** The tokens of {@link #http()}, for other HTTP clients; send them to the API alone. */
  public TokenSource tokens() {
    return access.tokens().apply(grant);
  }

  /**
   * The same after the API wanted more (RFC 9470, {@code insufficient_scope}): its first request
   * has the person log in once more, with the union of the scopes. Tokens of {@link #http()} stay.
   * What an earlier step-up of the same kind brought is used again, unless its login is too long
   * ago now.
   *
   * <p>Each call makes a client, with connections of its own unless you gave {@code
   * httpClient(...)}: keep it for further requests, and close it where the JDK can (21 and newer);
   * elsewhere its connections end when nobody refers to it any more. Closing it leaves the tokens;
   * when this object is closed it gets no more of them.
   *
   * @throws IllegalArgumentException if another login is wanted and the grant is one of a login on
   *     another device, where none can be asked for
   * @throws IllegalStateException if the API has wanted more than 100 different things so far
   */
  public HttpClient http(StepUp wanted) {
    InteractiveGrant<?> stronger = grant.stepUp(wanted);
    if (!stepUps.admits(wanted)) {
      throw new IllegalStateException(
          "%s has wanted more than %d different things beyond a token, and for each a grant is kept."
                  .formatted(metadata, KnownStepUps.MAX)
              + " Ask its operator; to go on, close this client and connect anew.");
    }
    withdrawOld(access.tokens().apply(stronger), wanted);
    return http(stronger);
  }

  private void withdrawOld(TokenSource tokens, StepUp wanted) {
    if (wanted.maxAge().isEmpty() || !IN_HAND.contains(tokens.state())) {
      return;
    }
    try {
      AccessToken token = tokens.token(Duration.ZERO);
      Instant now = access.wall().instant();
      if (token.obtainedAt().filter(since -> wanted.isBeyond(since, now)).isPresent()) {
        tokens.invalidate(token);
      }
    } catch (OAuthException e) {
      // It ended this very moment.
    }
  }

  /**
   * Whether an answer of the API says that it has moved: its challenge names resource metadata at
   * another URL than this client was made from (RFC 9728 section 5.2). This client goes on with the
   * authorization server that it has, and follows nowhere: {@link ResourceClientBuilder#connect}
   * again, which reads everything anew, with all checks and approvals.
   *
   * @param challenges the values of all {@code WWW-Authenticate} lines of the answer
   */
  public boolean isMovedBy(List<String> challenges) {
    return place.isLeftBy(challenges);
  }

  /** What the API published about itself when it was asked. */
  public ResourceMetadata metadata() {
    return metadata;
  }

  /** The issuer of the authorization server that was chosen. */
  public String issuer() {
    return issuer;
  }

  /**
   * What is asked for, with the {@code resource} of the API: an authorization code, or a device
   * grant for a login on another device.
   */
  public InteractiveGrant<?> grant() {
    return grant;
  }

  /**
   * The client at that server, which is closed with this object. Where it registered itself, it is
   * another one after the server has forgotten it, or its secret has ended; so ask for it each
   * time.
   */
  public OAuthClient client() {
    return access.client().get();
  }

  @Override
  public void close() {
    access.close().run();
  }

  @Override
  public String toString() {
    return "ResourceClient[" + metadata + " by " + issuer + "]";
  }
}
