package dev.everbearer.e2e.keycloak;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives tests the running {@link Keycloak} as a parameter, one for the whole run; without the
 * profile {@code keycloak} they are skipped.
 */
@ExtendWith(KeycloakExtension.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface WithKeycloak {}
