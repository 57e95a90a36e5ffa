package dev.everbearer.protocol;

import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Warns of what a server does against the specification: once for each server and complaint. */
final class Complaints {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.protocol");
  private static final int MAX_REMEMBERED = 10_000;
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private Complaints() {}

  static void once(URI endpoint, String what) {
    if (SAID.size() < MAX_REMEMBERED && SAID.add(endpoint + " " + what)) {
      LOG.log(System.Logger.Level.WARNING, "The answers of {0} are odd: {1}.", endpoint, what);
    }
  }
}
