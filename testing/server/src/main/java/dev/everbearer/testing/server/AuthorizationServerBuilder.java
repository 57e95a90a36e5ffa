package dev.everbearer.testing.server;

import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options that a {@link ScriptedAuthorizationServer} is started with. Not thread-safe. */
public final class AuthorizationServerBuilder {

  private InstantSource clock = InstantSource.system();
  private String issuerPath = "";
  private String tokenEndpointQuery = "";
  private boolean strict = true;
  private boolean recording = true;
  private @Nullable TlsIdentity tls;
  private List<String> cipherSuites = List.of();
  private boolean issuerOverTls;

  AuthorizationServerBuilder() {}

  /** The clock that lifetimes and arrival times go by; the system's clock by default. */
  public AuthorizationServerBuilder clock(InstantSource source) {
    clock = source;
    return this;
  }

  /**
   * The path of the issuer, below which all endpoints are; empty by default.
   *
   * @param path starts with a slash and does not end with one, such as {@code /tenant1}
   */
  public AuthorizationServerBuilder issuerPath(String path) {
    if (!path.isEmpty() && (!path.startsWith("/") || path.endsWith("/"))) {
      throw new IllegalArgumentException("No path with a slash before and none behind: " + path);
    }
    issuerPath = path;
    return this;
  }

  /**
   * A query that is part of the published token endpoint, without the question mark; requests must
   * carry exactly this one. Empty, and so none, by default.
   */
  public AuthorizationServerBuilder tokenEndpointQuery(String query) {
    tokenEndpointQuery = query;
    return this;
  }

  /**
   * Whether the endpoints refuse a wrong content type, a query that is not published, a parameter
   * that is repeated and one without a value; otherwise they make the best of them. True by
   * default.
   */
  public AuthorizationServerBuilder strict(boolean value) {
    strict = value;
    return this;
  }

  /**
   * Whether requests and traffic are recorded; true by default. Without, clients talk to the HTTP
   * server directly, which is faster, and of {@link ScriptedServer} only the counts remain.
   */
  public AuthorizationServerBuilder recording(boolean value) {
    recording = value;
    return this;
  }

  /**
   * Whether the server speaks TLS, too, on a port of its own where it takes clients' certificates
   * (RFC 8705); not by default. The metadata then has {@code mtls_endpoint_aliases}, and an API
   * that is protected by the server speaks TLS by the same identity.
   */
  public AuthorizationServerBuilder tls(TlsIdentity identity) {
    tls = identity;
    return this;
  }

  /** Offers only these cipher suites; by default, those that the HTTP server thinks good. */
  public AuthorizationServerBuilder tlsCipherSuites(String... names) {
    cipherSuites = List.of(names);
    return this;
  }

  /**
   * Whether the issuer and all endpoints are published with {@code https}, without aliases; needs
   * {@link #tls}. False by default.
   */
  public AuthorizationServerBuilder issuerOverTls(boolean value) {
    issuerOverTls = value;
    return this;
  }

  /** Starts a server; the builder can start more of them. */
  public ScriptedAuthorizationServer start() {
    ScriptedAuthorizationServer server = new ScriptedAuthorizationServer(this);
    server.accept();
    return server;
  }

  InstantSource clock() {
    return clock;
  }

  String issuerPath() {
    return issuerPath;
  }

  String tokenEndpointQuery() {
    return tokenEndpointQuery;
  }

  boolean isStrict() {
    return strict;
  }

  @Nullable TlsOptions tlsOptions() {
    return tls == null ? null : new TlsOptions(tls, cipherSuites, issuerOverTls);
  }

  boolean isRecording() {
    return recording;
  }
}
