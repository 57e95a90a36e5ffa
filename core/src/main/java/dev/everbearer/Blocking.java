package dev.everbearer;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;

/** Exchanges on the caller's own thread: an interrupt ends them, and keeps its flag. */
final class Blocking {

  private Blocking() {}

  /** Work that may be interrupted. */
  interface Work<T> {
    T done() throws InterruptedException;
  }

  /** As {@link Work}, without a result. */
  interface Task {
    void run() throws InterruptedException;
  }

  /**
   * Does it.
   *
   * @param what it is, at the beginning of a sentence
   */
  static <T> T get(String what, Work<T> work) {
    try {
      return work.done();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.builder(
              FailureKind.UNCLEAR,
              what + " was interrupted. Whether the server took the request is not known.")
          .build()
          .toException();
    }
  }

  static void run(String what, Task task) {
    Boolean unused =
        get(
            what,
            () -> {
              task.run();
              return true;
            });
  }
}
