package dev.everbearer.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS 1.3, or TLS 1.2 by the cipher suites that BCP 195 recommends (RFC 9325 section 4.2). */
public final class StrongTls {

  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

  private StrongTls() {}

  /** What a client offers, of what its context can. */
  public static SSLParameters parameters(SSLContext context) {
    SSLParameters supported = context.getSupportedSSLParameters();
    return new SSLParameters(
        inBoth(SUITES, supported.getCipherSuites()), inBoth(PROTOCOLS, supported.getProtocols()));
  }

  private static String[] inBoth(List<String> wanted, String[] supported) {
    Set<String> possible = Set.of(supported);
    return wanted.stream().filter(possible::contains).toArray(String[]::new);
  }

  /** Whether a client that has these parameters offers nothing else. */
  public static boolean isHeldBy(SSLParameters parameters) {
    return isIn(SUITES, parameters.getCipherSuites()) && isIn(PROTOCOLS, parameters.getProtocols());
  }

  private static boolean isIn(List<String> allowed, String @Nullable [] offered) {
    return offered != null && allowed.containsAll(Arrays.asList(offered));
  }
}
