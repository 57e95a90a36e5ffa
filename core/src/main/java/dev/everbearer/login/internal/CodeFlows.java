package dev.everbearer.login.internal;

import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.Login;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.TokenSet;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Urls;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/** The logins by authorization code of one client. Thread-safe. */
public final class CodeFlows implements AutoCloseable {

  /**
   * What the logins of a client share.
   *
   * @param clientId the client's own name for itself
   * @param endpoint where codes are redeemed
   * @param profile what the server does beyond the specifications
   * @param rules which URLs a browser is sent to
   * @param exchangeTimeout for redeeming a code
   * @param wall the wall clock
   * @param frontChannel how requests are brought to the server
   * @param idTokens checks ID tokens
   * @param responseJwts opens answers that are JWTs
   * @param onRotated keeps what is not returned
   */
  public record Context(
      String clientId,
      TokenEndpoint endpoint,
      ProviderProfile profile,
      EndpointRules rules,
      Duration exchangeTimeout,
      InstantSource wall,
      FrontChannel frontChannel,
      IdTokenCheck idTokens,
      ResponseJwts responseJwts,
      Consumer<TokenSet> onRotated) {}

  private final Context context;
  private final UsedStates used = new UsedStates();

  /** The logins of a client. */
  public CodeFlows(Context context) {
    this.context = context;
  }

  /**
   * A login for a web application.
   *
   * @throws IllegalArgumentException unless the redirect URI is an absolute https URL, or one of
   *     loopback, without a fragment
   */
  public AuthorizationCodeFlow web(AuthorizationCodeGrant grant, String redirectUri) {
    context.rules().check("redirect URI", Urls.parse("redirect URI", redirectUri));
    return new CodeFlow(this, grant, redirectUri, redirectUri, AnswerMode.QUERY);
  }

  /** A login that comes back to this machine: the port is another each time, the path is not. */
  CodeFlow toLoopback(Login login, AuthorizationCodeGrant grant, String redirectUri, String path) {
    AnswerMode mode = login.isByJwt() ? AnswerMode.QUERY.byJwt() : AnswerMode.QUERY;
    return new CodeFlow(this, grant, redirectUri, "loopback " + path, mode);
  }

  AuthorizationServer server() throws InterruptedException {
    return context.endpoint().server();
  }

  EndpointRules rules() {
    return context.rules();
  }

  Context context() {
    return context;
  }

  UsedStates used() {
    return used;
  }

  /** Lets other clients wait at the redirect URIs of this one. */
  @Override
  public void close() {
    RedirectClaims.OF_PROCESS.release(this);
  }
}
