package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A login that a person is still to decide about, on another device. Guarded by the {@link
 * PendingLogins} it belongs to.
 */
final class PendingLogin {

  private static final Duration SLOW_DOWN = Duration.ofSeconds(5);

  private final String id;
  private final RegisteredClient client;
  private final OAuthForm parameters;
  private final Instant expiresAt;
  private final Queue<String> scripted = new ArrayDeque<>();
  private Duration interval;
  private @Nullable Instant lastPoll;
  private @Nullable Login login;
  private @Nullable String error;

  PendingLogin(
      String id,
      RegisteredClient client,
      OAuthForm parameters,
      Instant expiresAt,
      Duration interval) {
    this.id = id;
    this.client = client;
    this.parameters = parameters;
    this.expiresAt = expiresAt;
    this.interval = interval;
  }

  String id() {
    return id;
  }

  RegisteredClient client() {
    return client;
  }

  OAuthForm parameters() {
    return parameters;
  }

  boolean isOpen() {
    return login == null && error == null;
  }

  void approve(Login by) {
    login = by;
  }

  void refuse(String errorCode) {
    error = errorCode;
  }

  void script(String errorCode) {
    scripted.add(errorCode);
  }

  /** What the client is told when it asks; the login once there is one. */
  Login poll(Instant now) {
    Instant before = lastPoll;
    lastPoll = now;
    if (!now.isBefore(expiresAt)) {
      throw OAuthError.of("expired_token", "The code is expired");
    }
    if (before != null && now.isBefore(before.plus(interval))) {
      throw slowDown("Two polls must be " + interval + " apart");
    }
    String next = scripted.poll();
    if (next != null) {
      throw next.equals("slow_down") ? slowDown("As scripted") : OAuthError.of(next, "As scripted");
    }
    if (error != null) {
      throw OAuthError.of(error, "The person or the server decided so");
    }
    if (login == null) {
      throw OAuthError.of("authorization_pending", "Nobody has decided yet");
    }
    return login;
  }

  private OAuthError slowDown(String description) {
    interval = interval.plus(SLOW_DOWN);
    return OAuthError.of("slow_down", description);
  }
}
