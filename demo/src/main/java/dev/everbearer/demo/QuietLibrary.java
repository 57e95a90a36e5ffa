package dev.everbearer.demo;

import java.util.function.IntSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the library's own log off the screen while the demo itself shows what happens. */
final class QuietLibrary {

  private static final Logger LIBRARY = Logger.getLogger("dev.everbearer");

  private QuietLibrary() {}

  /** Does the work without the log, and gives the log its level back. */
  static int during(IntSupplier work) {
    Level before = LIBRARY.getLevel();
    LIBRARY.setLevel(Level.OFF);
    try {
      return work.getAsInt();
    } finally {
      LIBRARY.setLevel(before);
    }
  }
}
