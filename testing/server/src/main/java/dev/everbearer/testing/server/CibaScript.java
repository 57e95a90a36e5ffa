package dev.everbearer.testing.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * What happens to logins by backchannel authentication (OpenID Connect CIBA): they wait until a
 * test decides about them by their {@code auth_req_id}. Clients that registered the mode {@code
 * ping} are then notified, unless a test does that itself. Thread-safe.
 */
public final class CibaScript {

  /** Made when the first client is notified. */
  private static final class Http {
    static final HttpClient CLIENT =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final PendingLogins logins;
  private final AuthorizationScript persons;
  private final Queue<String> nextPolls = new ArrayDeque<>();
  private volatile boolean pinging = true;
  private volatile Duration interval = Duration.ofSeconds(5);
  private volatile Duration lifetime = Duration.ofMinutes(2);

  CibaScript(InstantSource clock, PendingLogins logins, AuthorizationScript persons) {
    this.clock = clock;
    this.logins = logins;
    this.persons = persons;
  }

  /** The time between polls, published and held to; 5 seconds at first. */
  public CibaScript interval(Duration value) {
    interval = value;
    return this;
  }

  /** How long logins wait if the client wishes nothing; two minutes at first. */
  public CibaScript lifetime(Duration value) {
    lifetime = value;
    return this;
  }

  /** Whether clients are notified of decisions by themselves; they are at first. */
  public CibaScript pingOnDecision(boolean value) {
    pinging = value;
    return this;
  }

  /**
   * Answers the next polls of the logins that begin from now on with these errors, such as {@code
   * authorization_pending} and {@code slow_down}, before anything else is looked at.
   */
  public synchronized CibaScript answerPolls(String... errors) {
    nextPolls.clear();
    nextPolls.addAll(List.of(errors));
    return this;
  }

  /** The ids of the logins that nobody has decided about yet, oldest first. */
  public List<String> authReqIds() {
    return logins.open();
  }

  /**
   * The person says yes.
   *
   * @throws IllegalArgumentException if no login waits under this id
   */
  public void approve(String authReqId) {
    Login login = persons.login(clock.instant());
    decided(logins.change(authReqId, pending -> pending.approve(login)));
  }

  /** The person says no: {@code access_denied}. */
  public void deny(String authReqId) {
    fail(authReqId, "access_denied");
  }

  /** The login ends with an error of any code, such as {@code transaction_failed}. */
  public void fail(String authReqId, String error) {
    decided(logins.change(authReqId, pending -> pending.refuse(error)));
  }

  private void decided(PendingLogin login) {
    if (pinging && isPinged(login.client())) {
      int unused = ping(login.id());
    }
  }

  static boolean isPinged(RegisteredClient client) {
    return client.text("backchannel_token_delivery_mode").orElse("poll").equals("ping");
  }

  /**
   * Notifies the client of a login, decided or not (CIBA section 10.2).
   *
   * @return the status of the client's answer
   */
  public int ping(String authReqId) {
    PendingLogin login = logins.change(authReqId, pending -> {});
    URI endpoint =
        URI.create(login.client().text("backchannel_client_notification_endpoint").orElseThrow());
    return notify(endpoint, login.parameters().required("client_notification_token"), authReqId);
  }

  /**
   * Sends a notification, true or forged.
   *
   * @return the status of the answer
   */
  public int notify(URI endpoint, String notificationToken, String authReqId) {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + notificationToken)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.write(Map.of("auth_req_id", authReqId))))
            .build();
    try {
      return Http.CLIENT.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new IllegalStateException("The client does not take the notification", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  synchronized void started(PendingLogin login) {
    logins.change(login.id(), each -> nextPolls.forEach(each::script));
  }

  Duration interval() {
    return interval;
  }

  Duration lifetime() {
    return lifetime;
  }
}
