/** The steps of an authorization code login, the browser and the loopback listener. Not API. */
@NullMarked
package dev.everbearer.login.internal;

import org.jspecify.annotations.NullMarked;
