package dev.everbearer.testing.server;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a request came over.
 *
 * @param isSecure whether that was TLS
 * @param certificate the client's certificate; null without one
 */
record Channel(boolean isSecure, @Nullable X509Certificate certificate) {

  static final Channel PLAIN = new Channel(false, null);
}
