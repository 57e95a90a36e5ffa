package dev.everbearer.e2e.keycloak;

import java.io.IOException;

/**
 * The main class of Keycloak's process: ends it when its input ends, which happens however the
 * process of the tests came to its own end.
 */
final class Leash {

  private Leash() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    Thread holder = new Thread(Leash::haltAtEndOfInput, "leash");
    holder.setDaemon(true);
    holder.start();
    Class.forName("io.quarkus.bootstrap.runner.QuarkusEntryPoint")
        .getMethod("main", String[].class)
        .invoke(null, (Object) arguments);
  }

  private static void haltAtEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever written to it.
      }
    } catch (IOException closed) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(1);
  }
}
