package dev.everbearer.wire;

import dev.everbearer.wire.TransportException.Trouble;
import java.net.http.HttpClient;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients of a transport, each with its own pool of connections. One is kept for those
 * that show no certificate, and one for those that show the present one. Whatever is not kept any
 * more is shut down when the last exchange in it has ended. Thread-safe.
 */
final class ClientPools {

  /** A client with its pool of connections, which all show one certificate. */
  private static final class Pool {

    private final @Nullable String certificate;
    private final HttpClient client;
    private int users;
    private boolean isKept;

    Pool(@Nullable String certificate, HttpClient client) {
      this.certificate = certificate;
      this.client = client;
    }

    boolean shows(@Nullable String wanted) {
      return Objects.equals(certificate, wanted);
    }
  }

  /** A client for one exchange, to be given back after it. */
  final class Lease implements AutoCloseable {

    private final Pool pool;

    private Lease(Pool pool) {
      this.pool = pool;
    }

    HttpClient client() {
      return pool.client;
    }

    @Override
    public void close() {
      giveBack(pool);
    }
  }

  private final JdkTransport.Clients clients;
  private final boolean ownsClients;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Pool> open = new HashSet<>(); // guarded by lock
  private @Nullable Pool plain; // guarded by lock
  private @Nullable Pool certified; // guarded by lock
  private volatile boolean isClosed; // set under lock

  ClientPools(JdkTransport.Clients clients, boolean ownsClients) {
    this.clients = clients;
    this.ownsClients = ownsClients;
  }

  /**
   * A client. One that has to be made is made while nobody else is held up: keys and trust may be
   * slow to read.
   *
   * @param certificate what it shows; null shows none
   * @param isFresh whether it must have no connections yet, as far as it is ours to say
   * @throws TransportException when closed
   */
  Lease take(@Nullable String certificate, boolean isFresh) throws TransportException {
    boolean isAlone = isFresh && ownsClients;
    Pool seen;
    lock.lock();
    try {
      requireOpen();
      seen = kept(certificate);
      if (!isAlone && seen != null && seen.shows(certificate)) {
        return lease(seen);
      }
    } finally {
      lock.unlock();
    }
    Pool made = new Pool(certificate, clients.make(certificate));
    lock.lock();
    try {
      admit(made);
      return lease(isAlone ? made : shared(made, seen));
    } finally {
      lock.unlock();
    }
  }

  private Lease lease(Pool pool) {
    pool.users++;
    return new Lease(pool);
  }

  boolean isClosed() {
    return isClosed;
  }

  void requireOpen() throws TransportException {
    if (isClosed) {
      throw closedBefore();
    }
  }

  static TransportException closedBefore() {
    return new TransportException(
        Trouble.CLOSED, "was not called, for this client is closed", null);
  }

  private @Nullable Pool kept(@Nullable String certificate) {
    return certificate == null ? plain : certified;
  }

  private void admit(Pool made) throws TransportException {
    if (isClosed) {
      end(made);
      throw closedBefore();
    }
    open.add(made);
  }

  /**
   * What the exchange uses. When another pool was kept meanwhile, that one stays: if it shows the
   * same, ours is discarded; if not, ours serves this exchange alone.
   *
   * @param seen what was kept before ours was made
   */
  private Pool shared(Pool made, @Nullable Pool seen) {
    Pool now = kept(made.certificate);
    if (now != null && now.shows(made.certificate)) {
      endUnlessNeeded(made);
      return now;
    }
    if (now == seen) {
      keep(made, seen);
    }
    return made;
  }

  /** A renewed certificate gets a pool of its own; what is under way in the old one may end. */
  private void keep(Pool made, @Nullable Pool old) {
    made.isKept = true;
    if (made.certificate == null) {
      plain = made;
    } else {
      certified = made;
    }
    if (old != null) {
      old.isKept = false;
      endUnlessNeeded(old);
    }
  }

  private void giveBack(Pool pool) {
    lock.lock();
    try {
      pool.users--;
      endUnlessNeeded(pool);
    } finally {
      lock.unlock();
    }
  }

  private void endUnlessNeeded(Pool pool) {
    if (!pool.isKept && pool.users == 0 && open.remove(pool)) {
      end(pool);
    }
  }

  private void end(Pool pool) {
    if (ownsClients) {
      HttpClients.shutdownNow(pool.client);
    }
  }

  /** Ends what is under way, too, where the JDK can; nothing can be taken afterwards. */
  void close() {
    for (Pool pool : closed()) {
      end(pool);
    }
  }

  private List<Pool> closed() {
    lock.lock();
    try {
      isClosed = true;
      List<Pool> ended = List.copyOf(open);
      open.clear();
      plain = null;
      certified = null;
      return ended;
    } finally {
      lock.unlock();
    }
  }
}
