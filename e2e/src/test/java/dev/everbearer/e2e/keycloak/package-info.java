/**
 * Against Keycloak, in a process of its own. Run with {@code -Pkeycloak}; skipped without it.
 *
 * <p>A test class says {@link dev.everbearer.e2e.keycloak.WithKeycloak} and takes the running
 * {@link dev.everbearer.e2e.keycloak.Keycloak} as a parameter. What is registered there stands in
 * {@code keycloak/realm.json}, and by name in {@link dev.everbearer.e2e.keycloak.RegisteredClient}
 * and {@link dev.everbearer.e2e.keycloak.Person}.
 */
package dev.everbearer.e2e.keycloak;
