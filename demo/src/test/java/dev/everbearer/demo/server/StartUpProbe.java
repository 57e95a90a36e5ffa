package dev.everbearer.demo.server;

/** Starts the servers in a fresh process and prints the milliseconds until both were ready. */
final class StartUpProbe {

  private StartUpProbe() {}

  public static void main(String[] args) {
    long begin = System.nanoTime();
    try (var servers = DemoServers.start()) {
      long ready = System.nanoTime();
      Caller caller = new Caller(servers);
      int status = caller.user(caller.clientCredentials().text("access_token")).status();
      long firstCall = System.nanoTime();
      System.out.printf(
          "ready after %d ms, first call answered %d after %d ms%n",
          (ready - begin) / 1_000_000, status, (firstCall - begin) / 1_000_000);
    }
  }
}
