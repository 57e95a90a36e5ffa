package dev.everbearer.login.internal;

import dev.everbearer.grant.DeviceGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.DeviceCode;
import dev.everbearer.protocol.DeviceAuthorization;
import dev.everbearer.protocol.PendingLogin;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.renewal.internal.LoginPort;
import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.OAuthException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has a person log in on another device (RFC 8628). Every failure is final. Thread-safe. */
public final class DeviceLogin implements LoginPort {

  private final Consumer<DeviceCode> prompt;
  private final DeviceAuthorization endpoint;
  private final RemoteLogins logins;

  /** Logins of a client; the prompt shows the code to the person. */
  public DeviceLogin(
      Consumer<DeviceCode> prompt, DeviceAuthorization endpoint, RemoteLogins logins) {
    this.prompt = prompt;
    this.endpoint = endpoint;
    this.logins = logins;
  }

  @Override
  public boolean canLogin(Grant grant) {
    return grant instanceof DeviceGrant;
  }

  @Override
  public Duration longest(Grant grant) {
    return RemoteLogins.LONGEST;
  }

  @Override
  public Answer login(Grant grant, Timing timing) throws InterruptedException {
    DeviceAuthorization.Answer begun = logins.begin(left -> endpoint.request(grant, left), timing);
    PendingLogin pending = begun.pending();
    show(begun);
    return logins.finish(
        grant, pending, TokenRequest.deviceCode(grant, pending.code()), timing, poller -> {});
  }

  private void show(DeviceAuthorization.Answer begun) {
    AuthorizationServer server = begun.pending().server();
    URI uri = toOpen(begun.verificationUri());
    if (uri == null) {
      throw LoginFailures.of(
          server,
          "its verification_uri is no https URL, and nobody is sent there. Ask its operator.");
    }
    DeviceCode code =
        new DeviceCode(
            begun.userCode(),
            uri,
            toOpen(begun.verificationUriComplete()),
            begun.pending().sentAt().plus(begun.pending().life()));
    try {
      prompt.accept(code);
    } catch (OAuthException e) {
      throw e;
    } catch (RuntimeException e) {
      // What it says is dropped on purpose: it may quote the code.
      throw LoginFailures.of(
          server, "the code could not be shown (%s).".formatted(e.getClass().getName()));
    }
  }

  /** Null for what no browser should open. */
  private @Nullable URI toOpen(@Nullable String url) {
    try {
      return url == null ? null : logins.rules().check("verification URI", URI.create(url));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public void close() {
    logins.close();
  }
}
