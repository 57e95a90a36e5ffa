package dev.everbearer.testing.server;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The only address the servers listen on. */
final class Loopback {

  static final String HOST = "127.0.0.1";

  static final InetAddress ADDRESS = address();

  private Loopback() {}

  private static InetAddress address() {
    try {
      return InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are always an address", e);
    }
  }
}
