package dev.everbearer.benchmarks.clients;

import java.time.Duration;

/** The clients that fetch tokens from a server of ours. */
public enum Peer {
  /** This library, by client credentials. */
  EVERBEARER("Everbearer"),
  /** Spring Security's manager of authorized clients, by client credentials. */
  SPRING_SECURITY("Spring Security"),
  /** Google's library, by a refresh token: it has no client credentials. */
  GOOGLE_AUTH("google-auth");

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  /** What people call it. */
  public String title() {
    return title;
  }

  /**
   * A client of that server.
   *
   * @param margin how long before its end a token is renewed
   */
  public TokenClient open(TokenServer server, Duration margin) {
    return switch (this) {
      case EVERBEARER -> new EverbearerClient(server, margin);
      case SPRING_SECURITY -> new SpringClient(server, margin);
      case GOOGLE_AUTH -> new GoogleClient(server, margin);
    };
  }
}
