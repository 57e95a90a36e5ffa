package dev.everbearer.store.internal;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Input and output that an interrupt does not leave half done; the thread's flag is kept. */
final class Uninterrupted {

  /** Something that can be done again from its beginning. */
  @FunctionalInterface
  interface Repeatable {

    void run() throws IOException;
  }

  private Uninterrupted() {}

  static void run(Repeatable work) throws IOException {
    boolean isInterrupted = Thread.interrupted();
    try {
      while (isCutShort(work)) {
        isInterrupted |= Thread.interrupted();
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean isCutShort(Repeatable work) throws IOException {
    try {
      work.run();
      return false;
    } catch (ClosedByInterruptException e) {
      return true;
    }
  }
}
