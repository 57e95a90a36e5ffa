package dev.everbearer.login.internal;

import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.protocol.DetailTypes;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.renewal.internal.MissingRefreshToken;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenTimeoutException;
import dev.everbearer.wire.FormBody;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;

/** Authorization code with PKCE, before and after the browser. */
final class CodeFlow implements AuthorizationCodeFlow {

  private static final String OPENID = "openid";
  private static final Set<String> OFFLINE_SCOPES =
      Set.of("offline_access", "offline.access", "refresh_token");
  private static final Set<String> OFFLINE_VALUES = Set.of("offline", "permanent");

  private final CodeFlows flows;
  private final AuthorizationCodeGrant grant;
  private final String redirectUri;
  private final String place;
  private final AnswerMode mode;

  /**
   * A flow of a client.
   *
   * @param redirectUri the very string to send
   * @param place the redirect URI, without what may be different each time
   */
  CodeFlow(
      CodeFlows flows,
      AuthorizationCodeGrant grant,
      String redirectUri,
      String place,
      AnswerMode mode) {
    this.flows = flows;
    this.grant = grant;
    this.redirectUri = redirectUri;
    this.place = place;
    this.mode = mode;
  }

  /**
   * A login under way.
   *
   * @param url where to send the browser
   * @param pending what its answer is checked with
   */
  record Begun(URI url, PendingAuthorization pending) {

    /** Neither: both belong to one login. */
    @Override
    public String toString() {
      return "Begun";
    }
  }

  @Override
  public AuthorizationCodeFlow byFormPost() {
    return new CodeFlow(flows, grant, redirectUri, place, mode.byFormPost());
  }

  @Override
  public AuthorizationCodeFlow byJwt() {
    return new CodeFlow(flows, grant, redirectUri, place, mode.byJwt());
  }

  // ---- before the browser

  @Override
  public AuthorizationRedirect start() {
    try {
      Begun begun = begin();
      PendingAuthorization pending = begun.pending();
      return new AuthorizationRedirect(begun.url(), pending.state(), pending.save());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  Begun begin() throws InterruptedException {
    CodeFlows.Context context = flows.context();
    AuthorizationServer server = flows.server();
    URI endpoint = authorizationEndpoint(server);
    requireDetailTypes(server);
    Pkce.requireSupport(server, context.profile());
    requireMode(server);
    if (!mode.isJwt()) {
      RedirectClaims.OF_PROCESS.claim(flows, place, server);
    }
    PendingAuthorization pending =
        PendingAuthorization.begin(server, redirectUri, context.wall().instant());
    FormBody parameters = AuthorizationUrl.parameters(context.clientId(), grant, pending, mode);
    String keyThumbprint = context.endpoint().dpopJkt(server);
    if (keyThumbprint != null) {
      parameters.add("dpop_jkt", keyThumbprint);
    }
    FormBody inUrl = context.frontChannel().inUrl(server, parameters);
    try {
      return new Begun(AuthorizationUrl.of(endpoint, inUrl), pending);
    } catch (IllegalArgumentException e) {
      throw LoginFailures.of(server, e.getMessage() + ". Ask its operator.");
    }
  }

  private void requireMode(AuthorizationServer server) {
    if (mode.isRuledOutBy(server)) {
      throw LoginFailures.of(
          server,
          "it does not answer by JWT in this way, by the response_modes_supported of its metadata."
              + " Leave byJwt() out, or ask its operator.");
    }
  }

  private void requireDetailTypes(AuthorizationServer server) {
    String refusal = DetailTypes.refusal(server, grant.request().details());
    if (refusal != null) {
      throw LoginFailures.of(server, refusal);
    }
  }

  private static URI authorizationEndpoint(AuthorizationServer server) {
    return server
        .endpoint(Endpoint.AUTHORIZATION)
        .orElseThrow(
            () ->
                LoginFailures.of(
                    server,
                    "it has no authorization endpoint in its metadata. Configure the issuer rather"
                        + " than the token endpoint, or give the authorization endpoint beside it;"
                        + " if the server has none, it offers no login in a browser."));
  }

  // ---- after the browser

  @Override
  public TokenSet finish(String saved, AuthorizationResponse response) {
    try {
      TokenEndpoint.Answer answer = redeem(pending(saved), response);
      TokenSet tokens = answer.usable(flows.context().onRotated());
      if (isRefreshTokenAskedFor()) {
        MissingRefreshToken.report(grant, answer, flows.context().profile());
      }
      return tokens;
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** By the scope or parameter of any server that we know; a login alone needs none. */
  private boolean isRefreshTokenAskedFor() {
    return !Collections.disjoint(grant.scope().tokens(), OFFLINE_SCOPES)
        || !Collections.disjoint(grant.authorizationParameters().values(), OFFLINE_VALUES);
  }

  private PendingAuthorization pending(String saved) throws InterruptedException {
    PendingAuthorization pending = PendingAuthorization.load(saved);
    if (pending == null || !pending.redirectUri().equals(redirectUri)) {
      throw LoginFailures.of(
          flows.server(),
          "what was kept in the session is not of a login that this flow began. Hand in what"
              + " pending() gave, or log in again.");
    }
    return pending;
  }

  /** Whether it answers this very request, good or bad, by its state, wherever that stands. */
  boolean isAnswerTo(PendingAuthorization pending, AuthorizationResponse response) {
    AuthorizationResponse counting =
        mode.isJwt() ? flows.context().responseJwts().unverified(response) : response;
    return counting != null && ResponseRules.isAnswerTo(pending, counting);
  }

  /** The code of an answer, if all is right with it; nothing is sent or used up. */
  Secret check(PendingAuthorization pending, AuthorizationResponse response)
      throws InterruptedException {
    CodeFlows.Context context = flows.context();
    return new ResponseRules(flows.server(), context.profile(), mode, context.responseJwts())
        .code(pending, response, context.wall().instant());
  }

  /** Checks an answer and sends its code, once. */
  TokenEndpoint.Answer redeem(PendingAuthorization pending, AuthorizationResponse response)
      throws InterruptedException {
    AuthorizationServer server = flows.server();
    requireFirstUse(server, pending, response);
    Secret code = check(pending, response);
    try {
      TokenEndpoint.Answer answer = exchange(pending, code);
      return grant.scope().tokens().contains(OPENID) ? checked(answer, pending) : answer;
    } catch (OAuthException e) {
      throw LoginFailures.ofExchange(server, e);
    }
  }

  private TokenEndpoint.Answer checked(TokenEndpoint.Answer answer, PendingAuthorization pending)
      throws InterruptedException {
    IdToken idToken =
        flows.context().idTokens().check(answer, grant, pending.nonce(), pending.createdAt());
    return idToken == null ? answer : answer.with(idToken);
  }

  private void requireFirstUse(
      AuthorizationServer server, PendingAuthorization pending, AuthorizationResponse response) {
    Instant now = flows.context().wall().instant();
    boolean isOurs = isAnswerTo(pending, response);
    if (isOurs && !flows.used().isFirstUse(pending, now)) {
      throw LoginFailures.of(
          server, "it was finished before; an answer in the browser counts once. Log in again.");
    }
  }

  private TokenEndpoint.Answer exchange(PendingAuthorization pending, Secret code)
      throws InterruptedException {
    CodeFlows.Context context = flows.context();
    String redirect = context.profile().omitsRedirectUri() ? null : pending.redirectUri();
    TokenRequest request =
        TokenRequest.authorizationCode(grant, code, redirect, pending.verifier());
    return context.endpoint().request(request, context.exchangeTimeout());
  }

  private static OAuthException interrupted() {
    Thread.currentThread().interrupt();
    return TokenTimeoutException.interrupted();
  }
}
