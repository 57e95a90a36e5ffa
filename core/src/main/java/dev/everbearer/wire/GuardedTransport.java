package dev.everbearer.wire;

import dev.everbearer.wire.TransportException.Trouble;

/** Calls only what may be called of the URLs that servers name. Thread-safe. */
public final class GuardedTransport implements Transport {

  private final Transport transport;
  private final LearntUrls rule;

  /** A guard before a transport, which stays its owner's to close. */
  public GuardedTransport(Transport transport, LearntUrls rule) {
    this.transport = transport;
    this.rule = rule;
  }

  @Override
  public HttpAnswer exchange(Call call) throws TransportException, InterruptedException {
    String objection = rule.objection(call.uri());
    if (objection != null) {
      throw new TransportException(Trouble.FORBIDDEN, objection, null);
    }
    return transport.exchange(call);
  }

  @Override
  public void close() {}
}
