package dev.everbearer;

import dev.everbearer.client.ClientRegistration;
import dev.everbearer.token.Failure;
import dev.everbearer.token.OAuthException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client that registered itself. When its server does not know it any more ({@code
 * invalid_client}), it is registered anew and another client takes its place: once, for a server
 * that forgets again has another trouble. Thread-safe.
 */
final class EnrolledClient implements AutoCloseable {

  private static final String UNKNOWN = "invalid_client";

  private final Enrolment enrolment;
  private final Function<ClientRegistration, OAuthClient> clients;
  private final ClientRegistration registration;
  private final OAuthClient first;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile @Nullable OAuthClient second;
  private boolean isClosed; // guarded by turn

  /**
   * Registers, unless that is done.
   *
   * @param clients makes the client of a registration
   */
  EnrolledClient(Enrolment enrolment, Function<ClientRegistration, OAuthClient> clients) {
    this.enrolment = enrolment;
    this.clients = clients;
    this.registration = enrolment.registration();
    this.first = clients.apply(registration);
  }

  /** The client as it is registered now. */
  OAuthClient client() {
    OAuthClient successor = second;
    return successor == null ? first : successor;
  }

  /** Whether another registration helps against a failure of a client. */
  boolean canReplace(OAuthClient used, OAuthException failed) {
    return used == first
        && failed.failure().flatMap(Failure::error).filter(UNKNOWN::equals).isPresent();
  }

  /**
   * The client that takes the place of the first one.
   *
   * @throws OAuthException when it cannot be registered anew
   */
  OAuthClient successor() {
    turn.lock();
    try {
      OAuthClient successor = second;
      if (successor == null) {
        successor = clients.apply(enrolment.inPlaceOf(registration));
        second = successor;
        closeIfLate(successor);
      }
      return successor;
    } finally {
      turn.unlock();
    }
  }

  private void closeIfLate(OAuthClient successor) {
    if (isClosed) {
      successor.close();
    }
  }

  @Override
  public void close() {
    first.close();
    turn.lock();
    try {
      isClosed = true;
      OAuthClient successor = second;
      if (successor != null) {
        successor.close();
      }
    } finally {
      turn.unlock();
    }
  }
}
