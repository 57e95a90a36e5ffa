package dev.everbearer;

import dev.everbearer.client.JwtRegistration;
import dev.everbearer.client.internal.DpopSender;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.CibaGrant;
import dev.everbearer.grant.ClientCredentialsGrant;
import dev.everbearer.grant.ConnectedGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.CibaNotifications;
import dev.everbearer.protocol.RevocationEndpoint;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.renewal.internal.TokenRevoker;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenTimeoutException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client registered at one authorization server: gets tokens, keeps them fresh, and attaches
 * them to the HTTP client that you have.
 *
 * <pre>{@code
 * OAuthClient client = OAuthClient.builder()
 *     .tokenEndpoint("https://oauth2.example.com/token")
 *     .clientSecretPost("my_client_id", "my_client_secret")
 *     .build();
 * HttpClient api = client.httpClientFor("https://api.example.com", Grant.clientCredentials());
 * }</pre>
 *
 * <p>Thread-safe; meant to be made once and shared. It owns its token sources, threads and
 * connections: close it when the program is done with it. Closing waits for a refresh token that is
 * being rotated.
 */
public final class OAuthClient implements AutoCloseable {

  private final Setup setup;
  private final Sources sources;

  OAuthClient(Setup setup) {
    this.setup = setup;
    this.sources = new Sources(setup);
    sources.begin();
  }

  /** Starts a client; a server and a client authentication are required. */
  public static OAuthClientBuilder builder() {
    return new OAuthClientBuilder();
  }

  /**
   * Starts from the URL of an API alone: it says itself which authorization server protects it (RFC
   * 9728).
   *
   * @param url of the API, as it will be called
   * @throws IllegalArgumentException if it is no URL
   */
  public static ResourceClientBuilder forResource(String url) {
    return new ResourceClientBuilder(url);
  }

  /**
   * The source of tokens for a grant. Equal grants share one source, and so one token and one
   * renewal. Nothing is asked for before somebody asks the source.
   *
   * @throws IllegalArgumentException if the grant is not for this kind of client
   * @throws SourceClosedException if this client is closed
   */
  public TokenSource tokens(Grant grant) {
    requireFitting(grant);
    return sources.get(grant);
  }

  // ---- many users of one client

  /**
   * The source of a user's tokens, by the grant that {@link #connect} put into the store: the same
   * as {@link #tokens} of {@code Grant.connected(subject)}, which can ask for a scope or a resource
   * as well. It is made when it is asked for and costs no thread and no request; it need be neither
   * kept nor closed. Equal users share one source for as long as it is in use; see {@link
   * OAuthClientBuilder#keptSources}. For a user who was never connected its tokens fail with a
   * {@code LoginRequiredException}.
   *
   * @param subject who: the name that {@link #connect} was given
   * @throws IllegalArgumentException if the name is empty or holds control characters
   * @throws SourceClosedException if this client is closed
   */
  public TokenSource tokensOf(String subject) {
    return sources.get(Grant.connected(subject));
  }

  /**
   * Keeps what a user's login brought, over whatever was kept for them: from then on {@link
   * #tokensOf} uses it, in every process that shares the store. A renewal that is under way with an
   * older refresh token brings nothing back. Call it right after the login, for the life of the
   * access token counts from here.
   *
   * @param subject who, in words of your own. It stands in clear text in the store's lists and in
   *     the log, so take an id rather than an address
   * @param afterLogin the answer to the login; without a refresh token the user has to log in again
   *     when the access token ends
   * @throws IllegalArgumentException if the name is empty or holds control characters
   * @throws OAuthException when it could not be kept; an interrupt keeps its flag
   * @throws SourceClosedException if this client is closed
   */
  public void connect(String subject, TokenSet afterLogin) {
    ConnectedGrant grant = Grant.connected(subject);
    Objects.requireNonNull(afterLogin, "afterLogin");
    Blocking.run("Connecting " + grant, () -> sources.connect(grant, afterLogin));
  }

  /**
   * Gives a user's grant back, as {@link #revoke(Grant)} does: out of use first, here and in the
   * store, then revoked at the server. What stays behind is a tombstone, by which other processes
   * know; a new {@link #connect} begins anew. For a user who was never connected nothing is done.
   *
   * @throws IllegalArgumentException if the name is empty or holds control characters
   * @throws OAuthException when the server did not revoke all that it could; call it again
   */
  public void disconnect(String subject) {
    revoke(Grant.connected(subject));
  }

  /**
   * Lists users' grants as the store has them, in the order of their names, without decrypting a
   * token: who is connected, and who has to log in again. Grants of {@code Grant.refreshToken} are
   * among them, under a digest. A shorter page is the last one.
   *
   * @param after the name to go on behind; null to begin
   * @param limit how many at most
   * @throws IllegalArgumentException unless the limit is positive
   * @throws UnsupportedOperationException if the store cannot list
   */
  public List<GrantSummary> connections(@Nullable String after, int limit) {
    return sources.connections(after, limit);
  }

  /**
   * Keeps users' grants alive that nobody uses: from now on, until this client is closed, those
   * that were not used for two thirds of the server's idle limit are renewed, one after the other.
   * Of all processes that share the store one does it at a time, so each may call this. Grants that
   * turn out to be over are told to {@code RenewalListener.loginRequired}, once.
   *
   * @throws IllegalStateException if this client does so already, or the idle limit is said neither
   *     here nor by the server's profile
   * @throws SourceClosedException if this client is closed
   */
  public void keepAlive(KeepAlive settings) {
    sources.keepAlive(Objects.requireNonNull(settings, "settings"));
  }

  // ---- one exchange

  /**
   * Asks the token endpoint once (for a grant of a person, after a login), and manages nothing: no
   * renewal, no retry, no store. The caller keeps what comes, a rotated refresh token included.
   * When an {@code InsufficientScopeException} is thrown, a rotated refresh token goes to {@code
   * onRotated} before.
   *
   * <p>For a refresh-token grant it sends the token that the grant was made with, whatever became
   * of it since. So do not use it beside {@link #tokens} for the same grant on a server that
   * rotates: the token may be spent, and a strict server ends the grant when it sees it again.
   *
   * @throws dev.everbearer.token.OAuthException when no token came; an interrupt keeps its flag
   * @throws SourceClosedException if this client is closed
   */
  public TokenSet fetch(Grant grant) {
    requireFitting(grant);
    if (grant instanceof ConnectedGrant) {
      throw new IllegalArgumentException(
          "The refresh token of "
              + grant
              + " is in the store: use tokens(...), which keeps the"
              + " next one there.");
    }
    sources.requireOpen();
    try {
      TokenEndpoint.Answer answer =
          grant instanceof InteractiveGrant<?>
              ? setup.login().login(grant, sources.timing())
              : setup.tokenEndpoint().request(TokenRequest.of(grant), setup.exchangeTimeout());
      return answer.usable(setup.onRotated());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TokenTimeoutException.interrupted();
    }
  }

  // ---- giving tokens back

  /**
   * Gives a grant back (RFC 7009), with its tokens of every scope and resource. First they go out
   * of use, here and in the store; then the server revokes the refresh token, then the access
   * tokens. A busy server is asked again for as long as {@code maxWait}.
   *
   * <p>What could not be revoked stays out of use, is remembered in the store, and is tried again
   * by the next call. After a logout {@link #tokens} fails with {@code
   * LoginRequiredException.Reason.LOGGED_OUT} until there is a new login; a grant of the client's
   * own rights simply begins anew.
   *
   * @throws dev.everbearer.token.OAuthException when the server did not revoke all that it could;
   *     an interrupt keeps its flag
   */
  public void revoke(Grant grant) {
    Objects.requireNonNull(grant, "grant");
    Blocking.run("Revoking " + grant, () -> sources.revoke(grant));
  }

  /**
   * Revokes the tokens of one answer, as {@link #fetch} brings it: the refresh token, then the
   * access token. That a server revokes no access tokens is no error when there was a refresh
   * token.
   *
   * @throws dev.everbearer.token.OAuthException when one of them may still live; an interrupt keeps
   *     its flag
   */
  public void revoke(TokenSet tokens) {
    Secret refreshToken = tokens.refreshToken().orElse(null);
    if (refreshToken != null) {
      revoke(refreshToken, "refresh_token");
    }
    try {
      revoke(Secret.of(tokens.accessToken().value()), "access_token");
    } catch (OAuthException e) {
      if (refreshToken == null || !TokenRevoker.isNotRevocable(e)) {
        throw e;
      }
    }
  }

  /**
   * Revokes one token. A token that the server does not know counts as revoked. A busy server is
   * asked again for as long as {@code maxWait}. Tokens that {@link #tokens} gave are renewed when
   * an API refuses them; to end those for good, give their grant back.
   *
   * @param typeHint what kind of token it is, such as {@code access_token} or {@code
   *     refresh_token}; empty says nothing
   * @throws dev.everbearer.token.OAuthErrorException with {@code unsupported_token_type} when the
   *     server does not revoke such tokens
   * @throws dev.everbearer.token.OAuthException when the token may still live; an interrupt keeps
   *     its flag
   */
  public void revoke(Secret token, String typeHint) {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(typeHint, "typeHint");
    TokenRevoker revoker =
        new TokenRevoker(new RevocationEndpoint(setup.caller()), sources.calls());
    try {
      Blocking.run("Revoking a token", () -> revoker.revoke(token, typeHint, sources.patience()));
    } catch (OAuthException e) {
      throw TokenRevoker.explained(e, "The token was not revoked.");
    }
  }

  /**
   * An {@link HttpClient} that sends tokens of a grant to one origin, and refuses every other: the
   * short form of {@link #http()}. It need not be closed: closing this OAuthClient ends its tokens.
   *
   * <p>Its {@code send} throws {@link dev.everbearer.http.OAuthIOException}, an {@link
   * java.io.IOException}, when no token can be had or the request's origin is another one; its
   * cause, an {@code OAuthException}, says why. A wait for a token that outlasts the request's
   * timeout is an {@link java.net.http.HttpTimeoutException}.
   *
   * @param origin such as {@code https://api.example.com}
   * @throws IllegalArgumentException if the origin cannot be bound, or the grant is not for this
   *     kind of client
   * @throws SourceClosedException if this client is closed
   */
  public HttpClient httpClientFor(String origin, Grant grant) {
    return http().bind(grant, origin).build();
  }

  /** Starts an {@link HttpClient} for several origins and grants, or over a client of yours. */
  public HttpClientBuilder http() {
    return new HttpClientBuilder(this, setup);
  }

  /**
   * Starts what decides which request gets which token, for the adapter of another HTTP client, or
   * for one of your own.
   */
  public AuthorizerBuilder authorizer() {
    return new AuthorizerBuilder(this, setup);
  }

  /**
   * A login in a browser for a web application, whose server side calls it before and after. For a
   * program on the person's own machine use {@link #tokens} with {@code
   * OAuthClientBuilder.login(...)}.
   *
   * @param redirectUri where the browser comes back to, as it is registered at the server; one for
   *     each server
   * @throws IllegalArgumentException unless the redirect URI is an absolute https URL, or one of
   *     loopback, without a fragment
   */
  public AuthorizationCodeFlow authorizationCodeFlow(
      AuthorizationCodeGrant grant, String redirectUri) {
    return setup.codeFlows().web(Objects.requireNonNull(grant, "grant"), redirectUri);
  }

  /** Starts a logout: here first, then in the browser at the server. */
  public LogoutBuilder logout() {
    return new LogoutBuilder(this, setup);
  }

  /** Starts an {@link Introspector}, which asks this server what a token is worth. */
  public Introspector.Builder introspector() {
    return new Introspector.Builder(setup, sources);
  }

  /**
   * The thumbprint of the key that this client's tokens are bound to (RFC 9449), such as for the
   * {@code dpop_jkt} of an authorization request (section 10); empty without {@code dpop()}.
   */
  public Optional<String> dpopThumbprint() {
    return Optional.ofNullable(setup.sender()).map(DpopSender::thumbprint);
  }

  /** Asks who it is that logged in, by the tokens of the login. */
  public UserInfoReader userInfo() {
    return new UserInfoReader(setup, sources, JwtRegistration.standard());
  }

  /**
   * Takes the notifications of a server in ping mode (OpenID Connect CIBA Core section 10.2).
   *
   * @throws IllegalStateException if the client was not built with {@code cibaPing()}
   */
  public CibaNotifications cibaNotifications() {
    CibaNotifications notifications = setup.pings();
    if (notifications == null) {
      throw new IllegalStateException(
          "This client waits for no notifications; build it with cibaPing() if it is registered for"
              + " the ping mode.");
    }
    return notifications;
  }

  /** What every source is doing and why, in words, a line each; holds no secret. */
  public String diagnose() {
    return sources.diagnose();
  }

  /** The engine's clocks and threads. */
  Timing timing() {
    return sources.timing();
  }

  /** How long callers wait for a grant's token that do not say. */
  Duration maxWait(Grant grant) {
    return sources.maxWait(grant);
  }

  private void requireFitting(Grant grant) {
    Objects.requireNonNull(grant, "grant");
    if (setup.authentication().isConfidential()) {
      return;
    }
    if (grant instanceof CibaGrant) {
      throw new IllegalArgumentException(
          "CIBA is for clients that can prove who they are (CIBA Core section 7.1); this one is"
              + " public. Give it a client authentication method, or use Grant.device().");
    }
    if (grant instanceof ClientCredentialsGrant) {
      throw new IllegalArgumentException(
          "Client credentials are for clients that can prove who they are (RFC 6749 section 4.4);"
              + " this one is public. Give it a client authentication method.");
    }
  }

  /**
   * Gives everything up: callers that wait fail with {@link SourceClosedException}, nobody is asked
   * to log in and nothing is renewed any more. Waits, at most for one exchange, while a refresh
   * token is being rotated.
   */
  @Override
  public void close() {
    setup.login().close();
    setup.codeFlows().close();
    sources.close();
  }

  @Override
  public String toString() {
    return "OAuthClient[" + setup.registration() + " at " + setup.serverName() + "]";
  }
}
