package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint;
import java.time.Duration;

/** Asks a person for a grant. */
public interface LoginPort extends AutoCloseable {

  /**
   * Has the person log in, and fetches what that brings. Blocks for as long as the person takes, up
   * to a limit of its own. Called only while somebody waits for a token.
   *
   * @param timing the engine's clocks, for those who wait by them
   * @throws dev.everbearer.token.OAuthException when there was no login; it is not tried again by
   *     itself
   * @throws InterruptedException when interrupted
   */
  TokenEndpoint.Answer login(Grant grant, Timing timing) throws InterruptedException;

  /** Whether it knows how to ask for this grant. */
  boolean canLogin(Grant grant);

  /** How long a login may take at most: as long do callers wait that set no limit of their own. */
  Duration longest(Grant grant);

  /**
   * Ends the login that is under way, if there is one; a port that was never used needs nothing.
   */
  @Override
  default void close() {}
}
