package dev.everbearer.login.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.login.Login;
import dev.everbearer.protocol.BackchannelAuthentication;
import dev.everbearer.protocol.DeviceAuthorization;
import dev.everbearer.protocol.EndpointCaller;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.renewal.internal.LoginPort;
import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.token.LoginRequiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ways of a client to ask a person, each for its kind of grant. Thread-safe. */
public final class Logins implements LoginPort {

  private final List<LoginPort> ways;

  /** None, or several; the first that can, does. */
  Logins(List<LoginPort> ways) {
    this.ways = List.copyOf(ways);
  }

  /**
   * The ways of a client.
   *
   * @param login as configured; null when it is not
   * @param pings takes a server's notifications; null when it gives none
   */
  public static Logins of(
      @Nullable Login login,
      CodeFlows flows,
      RemoteLogins remote,
      EndpointCaller caller,
      @Nullable Pings pings) {
    List<LoginPort> ways = new ArrayList<>();
    if (login != null && login.usesBrowser()) {
      ways.add(new BrowserLogin(login, flows));
    }
    if (login != null && login.devicePrompt().isPresent()) {
      ways.add(
          new DeviceLogin(login.devicePrompt().get(), new DeviceAuthorization(caller), remote));
    }
    ways.add(new CibaLogin(new BackchannelAuthentication(caller), remote, pings));
    return new Logins(ways);
  }

  private @Nullable LoginPort way(Grant grant) {
    return ways.stream().filter(each -> each.canLogin(grant)).findFirst().orElse(null);
  }

  @Override
  public Answer login(Grant grant, Timing timing) throws InterruptedException {
    LoginPort way = way(grant);
    if (way == null) {
      throw new LoginRequiredException(
          LoginRequiredException.Reason.REFUSED,
          "A person has to log in for %s, and this client has no way to ask one: configure it by"
                  .formatted(grant)
              + " login(...).",
          null);
    }
    return way.login(grant, timing);
  }

  @Override
  public boolean canLogin(Grant grant) {
    return way(grant) != null;
  }

  @Override
  public Duration longest(Grant grant) {
    LoginPort way = way(grant);
    return way == null ? Duration.ZERO : way.longest(grant);
  }

  @Override
  public void close() {
    ways.forEach(LoginPort::close);
  }
}
