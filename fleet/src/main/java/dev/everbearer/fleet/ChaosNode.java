package dev.everbearer.fleet;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A node's place: when its process is killed, another one comes. */
final class ChaosNode implements AutoCloseable {

  private final Supplier<NodeProcess> starter;
  private volatile NodeProcess process;
  private final AtomicLong kills = new AtomicLong();

  /** Of the run's own thread: until when it is dead or frozen; 0 when it is neither. */
  private long downUntil;

  private boolean isFrozen;

  ChaosNode(Supplier<NodeProcess> starter) {
    this.starter = starter;
    this.process = starter.get();
  }

  void tell(String line) {
    process.tell(line);
  }

  long kills() {
    return kills.get();
  }

  boolean isUp() {
    return downUntil == 0;
  }

  void kill(long until) {
    process.kill();
    kills.incrementAndGet();
    downUntil = until;
  }

  void freeze(long until) {
    process.freeze();
    isFrozen = true;
    downUntil = until;
  }

  /** It goes on, or is started again, when its time has come. */
  void recover(long now) {
    if (downUntil == 0 || now < downUntil) {
      return;
    }
    downUntil = 0;
    if (isFrozen) {
      isFrozen = false;
      process.thaw();
    } else {
      process = starter.get();
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
