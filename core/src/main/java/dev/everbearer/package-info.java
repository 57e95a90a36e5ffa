/**
 * The front door of Everbearer, which keeps programs calling OAuth 2.0 APIs without interruption.
 * Start at {@link dev.everbearer.OAuthClient}.
 */
@NullMarked
package dev.everbearer;

import org.jspecify.annotations.NullMarked;
