package dev.everbearer.login.internal;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens ports on the loopback addresses (RFC 8252 section 7.3), never on a name and never on any
 * other address.
 */
final class LoopbackSockets {

  private static final int BACKLOG = 50;
  private static final int ATTEMPTS = 10;
  private static final byte[] IPV4 = {127, 0, 0, 1};
  private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private LoopbackSockets() {}

  /** The addresses to try: IPv4 first, since that is what servers have registered. */
  static List<InetAddress> addresses() {
    try {
      return List.of(InetAddress.getByAddress(IPV4), InetAddress.getByAddress(IPV6));
    } catch (IOException e) {
      throw new IllegalStateException("Addresses of four and sixteen bytes are addresses.", e);
    }
  }

  /**
   * A port on the first address that this machine has.
   *
   * @param port 0 for any
   * @throws IOException if another program has the port, or the machine has no address
   */
  static ServerSocket onOne(List<InetAddress> addresses, int port) throws IOException {
    return bind(present(addresses).get(0), port);
  }

  /**
   * The same port on all addresses that this machine has, so that {@code localhost} leads to us
   * whichever it stands for.
   *
   * @param port 0 for any
   * @throws IOException if another program has it on one of them
   */
  static List<ServerSocket> onAll(List<InetAddress> addresses, int port) throws IOException {
    List<InetAddress> present = present(addresses);
    IOException last = null;
    for (int attempt = 0; attempt < (port == 0 ? ATTEMPTS : 1); attempt++) {
      try {
        return present.size() < 2 ? List.of(bind(present.get(0), port)) : onBoth(present, port);
      } catch (IOException e) {
        last = e;
      }
    }
    throw Objects.requireNonNull(last);
  }

  private static List<InetAddress> present(List<InetAddress> addresses) throws IOException {
    List<InetAddress> present = addresses.stream().filter(LoopbackSockets::isPresent).toList();
    if (present.isEmpty()) {
      throw new IOException("this machine has no loopback address");
    }
    return present;
  }

  private static List<ServerSocket> onBoth(List<InetAddress> two, int port) throws IOException {
    ServerSocket first = bind(two.get(0), port);
    ServerSocket second = null;
    try {
      second = bind(two.get(1), first.getLocalPort());
      return List.of(first, second);
    } finally {
      closeUnless(second, first);
    }
  }

  private static void closeUnless(@Nullable ServerSocket needed, ServerSocket socket)
      throws IOException {
    if (needed == null) {
      socket.close();
    }
  }

  private static boolean isPresent(InetAddress address) {
    try {
      bind(address, 0).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A port that is ours alone. Ports that the system picks are never reused; a fixed one is, where
   * the platform means by it that the last connections of an earlier login do not stand in the way
   * (a port on which another program listens is refused all the same).
   */
  private static ServerSocket bind(InetAddress address, int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      if (port == 0) {
        socket.setReuseAddress(false);
      }
      socket.bind(new InetSocketAddress(address, port), BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The address as it stands in a URL. */
  static String literal(InetAddress address) {
    return address instanceof Inet6Address ? "[::1]" : address.getHostAddress();
  }
}
