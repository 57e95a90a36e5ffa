package dev.everbearer.e2e.keycloak;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives tests a {@link Chromium} as a parameter, beside what {@link WithKeycloak} gives; without
 * the profiles {@code keycloak} and {@code browser} they are skipped.
 */
@WithKeycloak
@ExtendWith(ChromiumExtension.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface WithBrowser {}
