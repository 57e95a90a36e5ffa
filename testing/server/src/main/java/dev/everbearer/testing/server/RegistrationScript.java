package dev.everbearer.testing.server;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What happens when clients register themselves (RFC 7591, RFC 7592). Thread-safe. */
public final class RegistrationScript {

  private volatile @Nullable String initialAccessToken;
  private volatile @Nullable Duration secretLifetime;
  private volatile boolean rotating;
  private volatile boolean approving;
  private volatile UnaryOperator<Map<String, Object>> alteration = UnaryOperator.identity();

  RegistrationScript() {}

  /** Wants this token of whoever registers; null, as at first, for none. */
  public RegistrationScript initialAccessToken(@Nullable String token) {
    initialAccessToken = token;
    return this;
  }

  /** How long client secrets are good; null, as at first, for ever. */
  public RegistrationScript secretLifetime(@Nullable Duration value) {
    secretLifetime = value;
    return this;
  }

  /** Whether an update leads to a new secret and a new registration access token. */
  public RegistrationScript rotateCredentials(boolean value) {
    rotating = value;
    return this;
  }

  /** Whether software statements are approved, unread; not so at first. */
  public RegistrationScript approveSoftwareStatements(boolean value) {
    approving = value;
    return this;
  }

  /** Registers other metadata than what the client asks for, and tells it so. */
  public RegistrationScript alterMetadata(UnaryOperator<Map<String, Object>> value) {
    alteration = value;
    return this;
  }

  @Nullable String initialAccessToken() {
    return initialAccessToken;
  }

  @Nullable Duration secretLifetime() {
    return secretLifetime;
  }

  boolean isRotating() {
    return rotating;
  }

  boolean isApproving() {
    return approving;
  }

  UnaryOperator<Map<String, Object>> alteration() {
    return alteration;
  }
}
