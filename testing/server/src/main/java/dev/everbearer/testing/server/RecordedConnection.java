package dev.everbearer.testing.server;

/**
 * One connection that a client opened. It is live: what it answers grows with the traffic. At most
 * the first 4 MiB of each direction are kept. Thread-safe.
 */
public final class RecordedConnection {

  private final int number;
  private final TrafficLog received = new TrafficLog();
  private final TrafficLog sent = new TrafficLog();
  private final Runnable onEnd;
  private volatile boolean open = true;

  RecordedConnection(int number, Runnable onEnd) {
    this.number = number;
    this.onEnd = onEnd;
  }

  /** The number of the connection, counted from 1 in the order of acceptance. */
  public int number() {
    return number;
  }

  /** What the client sent so far, also what is no request. */
  public byte[] receivedBytes() {
    return received.bytes();
  }

  /** What was sent to the client so far. */
  public byte[] sentBytes() {
    return sent.bytes();
  }

  /** Whether neither side has ended its direction of the connection yet. */
  public boolean isOpen() {
    return open;
  }

  TrafficLog received() {
    return received;
  }

  TrafficLog sent() {
    return sent;
  }

  void ended() {
    open = false;
    onEnd.run();
  }
}
