/**
 * Logging a person in: authorization code with PKCE, for web applications and for programs on the
 * person's own machine. Web applications start at {@link
 * dev.everbearer.login.AuthorizationCodeFlow}, all others at {@link dev.everbearer.login.Login}.
 */
@NullMarked
package dev.everbearer.login;

import org.jspecify.annotations.NullMarked;
