package dev.everbearer.login;

import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person is shown to log in on another device (RFC 8628 section 3.3). Its texts come from
 * the server and have no control characters. Immutable and thread-safe; prints no code.
 */
public final class DeviceCode {

  private final String userCode;
  private final URI verificationUri;
  private final @Nullable URI verificationUriComplete;
  private final Instant expiresAt;

  /**
   * What is to be shown.
   *
   * @param verificationUriComplete null when the server gave none
   */
  public DeviceCode(
      String userCode,
      URI verificationUri,
      @Nullable URI verificationUriComplete,
      Instant expiresAt) {
    this.userCode = Objects.requireNonNull(userCode, "userCode");
    this.verificationUri = Objects.requireNonNull(verificationUri, "verificationUri");
    this.verificationUriComplete = verificationUriComplete;
    this.expiresAt = Objects.requireNonNull(expiresAt, "expiresAt");
  }

  /** What the person enters there. */
  public String userCode() {
    return userCode;
  }

  /** Where the person goes: https, or loopback. */
  public URI verificationUri() {
    return verificationUri;
  }

  /**
   * The same with the code in it, for a QR code or a browser on this machine: https, or loopback.
   * Show {@link #userCode()} beside it all the same, so that the person can compare. Empty when the
   * server gave none, or one that must not be opened.
   */
  public Optional<URI> verificationUriComplete() {
    return Optional.ofNullable(verificationUriComplete);
  }

  /** Until when it can be entered, by this machine's wall clock. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /** A sentence for the person, with address and code. */
  public String instruction() {
    return "To log in, open %s on any device and enter the code %s."
        .formatted(verificationUri, userCode);
  }

  /** Where and until when; not the code, with which somebody else could be logged in. */
  @Override
  public String toString() {
    return "DeviceCode[" + verificationUri + ", until " + expiresAt + "]";
  }
}
