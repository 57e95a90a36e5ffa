package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * What happens to logins by the device flow (RFC 8628): they wait until a test decides about them
 * by their user code, or until somebody opens the {@code verification_uri_complete}. A client that
 * polls sooner than it may is told to slow down. Thread-safe.
 */
public final class DeviceScript {

  private final InstantSource clock;
  private final PendingLogins logins;
  private final AuthorizationScript persons;
  private final Map<String, String> deviceCodes = new LinkedHashMap<>();
  private final Queue<String> nextPolls = new ArrayDeque<>();
  private volatile Duration interval = Duration.ofSeconds(5);
  private volatile Duration lifetime = Duration.ofMinutes(10);

  DeviceScript(InstantSource clock, PendingLogins logins, AuthorizationScript persons) {
    this.clock = clock;
    this.logins = logins;
    this.persons = persons;
  }

  /** The seconds between polls, published and held to; 5 at first. */
  public DeviceScript interval(Duration value) {
    interval = value;
    return this;
  }

  /** How long codes live; ten minutes at first. */
  public DeviceScript lifetime(Duration value) {
    lifetime = value;
    return this;
  }

  /**
   * Answers the next polls of the logins that begin from now on with these errors, such as {@code
   * authorization_pending} and {@code slow_down}, before anything else is looked at.
   */
  public synchronized DeviceScript answerPolls(String... errors) {
    nextPolls.clear();
    nextPolls.addAll(List.of(errors));
    return this;
  }

  /** The user codes that nobody has decided about yet, oldest first. */
  public synchronized List<String> userCodes() {
    List<String> open = logins.open();
    return deviceCodes.entrySet().stream()
        .filter(each -> open.contains(each.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * The person says yes.
   *
   * @throws IllegalArgumentException if no login waits under this user code
   */
  public void approve(String userCode) {
    Login login = persons.login(clock.instant());
    logins.change(deviceCode(userCode), pending -> pending.approve(login));
  }

  /** The person says no: {@code access_denied}. */
  public void deny(String userCode) {
    fail(userCode, "access_denied");
  }

  /** The login ends with an error of any code. */
  public void fail(String userCode, String error) {
    logins.change(deviceCode(userCode), pending -> pending.refuse(error));
  }

  private synchronized String deviceCode(String userCode) {
    String code = deviceCodes.get(userCode);
    if (code == null) {
      throw new IllegalArgumentException("No login waits under this user code: " + userCode);
    }
    return code;
  }

  synchronized void started(String userCode, PendingLogin pending) {
    deviceCodes.put(userCode, pending.id());
    logins.change(pending.id(), each -> nextPolls.forEach(each::script));
  }

  Duration interval() {
    return interval;
  }

  Duration lifetime() {
    return lifetime;
  }
}
