package dev.everbearer.e2e.keycloak;

import java.net.URI;

/**
 * A person in front of a browser, or of what stands for one. It keeps its cookies: a second page
 * finds the person logged in. Thread-safe.
 */
@FunctionalInterface
public interface Login {

  /**
   * Opens a page of Keycloak (an authorization request, a device's verification page), logs in,
   * agrees where asked to, and follows the way to its end.
   *
   * @return the address of the last page: the client's, or Keycloak's own where it sends nobody on
   * @throws IllegalStateException if Keycloak refuses the person
   */
  URI open(URI page);
}
