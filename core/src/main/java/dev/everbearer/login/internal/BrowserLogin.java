package dev.everbearer.login.internal;

import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.login.Login;
import dev.everbearer.login.internal.LoopbackListener.Verdict;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.renewal.internal.LoginPort;
import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.SourceClosedException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has a person log in on this machine (RFC 8252), one login at a time. Every failure is final: a
 * machine never asks a person twice. Thread-safe.
 */
public final class BrowserLogin implements LoginPort {

  private final Login login;
  private final CodeFlows flows;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile @Nullable LoopbackListener current;
  private volatile boolean isClosed;

  /** Logins of a client, as configured. */
  public BrowserLogin(Login login, CodeFlows flows) {
    this.login = login;
    this.flows = flows;
  }

  @Override
  public boolean canLogin(Grant grant) {
    return grant instanceof AuthorizationCodeGrant;
  }

  @Override
  public Duration longest(Grant grant) {
    return login.timeLimit().plus(flows.context().exchangeTimeout());
  }

  @Override
  public TokenEndpoint.Answer login(Grant grant, Timing timing) throws InterruptedException {
    if (!(grant instanceof AuthorizationCodeGrant codeGrant)) {
      throw new IllegalArgumentException("Not for a login in a browser: " + grant);
    }
    turn.lockInterruptibly();
    try {
      requireOpen();
      AuthorizationServer server = flows.server();
      String path = login.path().orElseGet(() -> LoopbackPath.of(server));
      Function<URI, String> dialog = login.pasteDialog().orElse(null);
      return dialog != null
          ? PastedLogin.login(login, dialog, flows, codeGrant, path)
          : inBrowser(server, codeGrant, path);
    } finally {
      turn.unlock();
    }
  }

  /**
   * What came back from the browser.
   *
   * @param flow the login that it belongs to
   */
  private record Landing(
      CodeFlow flow, PendingAuthorization pending, AuthorizationResponse response) {}

  private TokenEndpoint.Answer inBrowser(
      AuthorizationServer server, AuthorizationCodeGrant grant, String path)
      throws InterruptedException {
    Landing landing = landing(server, grant, path);
    return landing.flow().redeem(landing.pending(), landing.response());
  }

  private Landing landing(AuthorizationServer server, AuthorizationCodeGrant grant, String path)
      throws InterruptedException {
    try (LoopbackListener listener = openPort(server, path)) {
      current = listener;
      CodeFlow flow = flows.toLoopback(login, grant, listener.redirectUri(), path);
      CodeFlow.Begun begun = flow.begin();
      listener.listen(response -> judge(flow, begun.pending(), response));
      requireOpen();
      openBrowser(server, begun.url());
      return new Landing(flow, begun.pending(), await(server, listener));
    } finally {
      current = null;
    }
  }

  private LoopbackListener openPort(AuthorizationServer server, String path) {
    try {
      return LoopbackListener.open(login, path);
    } catch (IOException e) {
      String which =
          login.port().isPresent()
              ? "port "
                  + login.port().getAsInt()
                  + " cannot be opened; close the program that has it"
              : "no loopback port can be opened; look at the machine's network settings";
      throw LoginFailures.of(
          server, "the browser would have nowhere to come back to: %s.".formatted(which), e);
    }
  }

  private static Verdict judge(
      CodeFlow flow, PendingAuthorization pending, AuthorizationResponse response)
      throws InterruptedException {
    if (!flow.isAnswerTo(pending, response)) {
      return Verdict.STRANGER;
    }
    try {
      flow.check(pending, response);
      return Verdict.GOOD;
    } catch (OAuthException e) {
      // Whoever waits checks again, and is told why.
      return Verdict.BAD;
    }
  }

  private void openBrowser(AuthorizationServer server, URI url) throws InterruptedException {
    try {
      flows.rules().check("authorization endpoint", url);
      Consumer<URI> given = login.browser().orElse(null);
      if (given == null) {
        SystemBrowser.ofThisMachine().open(url);
      } else {
        given.accept(url);
      }
    } catch (IOException | RuntimeException e) {
      throw LoginFailures.of(
          server,
          "no browser could be opened (%s). Where there is none, use Login.inBrowser(url -> ...) to"
                  .formatted(e.getClass().getSimpleName())
              + " show the URL, or Login.byPasting(...), or a device login.",
          e);
    }
  }

  private AuthorizationResponse await(AuthorizationServer server, LoopbackListener listener)
      throws InterruptedException {
    try {
      return listener.await(login.timeLimit());
    } catch (TimeoutException e) {
      throw LoginFailures.of(
          server,
          "nobody logged in within %d s%s. Ask for a token again to log in once more."
              .formatted(login.timeLimit().toSeconds(), turnedAway(listener.strangers())));
    } catch (CancellationException e) {
      throw new SourceClosedException();
    }
  }

  private static String turnedAway(int strangers) {
    return strangers == 0
        ? ""
        : "; %d of the answers that came were turned away, for they are not to this login or cannot"
                .formatted(strangers)
            + " be read";
  }

  private void requireOpen() {
    if (isClosed) {
      throw new SourceClosedException();
    }
  }

  /** Ends the login that is under way, if there is one, and begins none any more. */
  @Override
  public void close() {
    isClosed = true;
    LoopbackListener listener = current;
    if (listener != null) {
      listener.close();
    }
    flows.close();
  }
}
