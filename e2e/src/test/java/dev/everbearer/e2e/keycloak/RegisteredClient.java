package dev.everbearer.e2e.keycloak;

/** The clients of {@code keycloak/realm.json}. */
public enum RegisteredClient {
  /** Client credentials; tokens of 300 s, for the audiences orders-api and exchanger. */
  SERVICE("service", "service-secret"),
  /** Client credentials; tokens of 5 s. */
  SERVICE_5S("service-5s", "service-5s-secret"),
  /** Id and secret with what the Basic header must encode. */
  SERVICE_SPECIAL("service +:%&é", "s +:%&=é"),
  /** The password grant, by which a test gets a refresh token; audiences as {@link #SERVICE}. */
  DIRECT("direct", "direct-secret"),
  /** Public: code with PKCE, and device flow with PKCE. Redirects to any loopback port and path. */
  NATIVE("native", ""),
  /** As {@link #NATIVE}; tokens of 5 s; the password grant too. */
  NATIVE_5S("native-5s", ""),
  /**
   * As {@link #NATIVE}; the person is asked to agree, once in a run (with {@code prompt=consent},
   * each time).
   */
  NATIVE_CONSENT("native-consent", ""),
  /** Public: device flow without PKCE. */
  DEVICE("device", ""),
  /** Code with PKCE and a secret. */
  WEB("web", "web-secret"),
  /** As {@link #WEB}; takes pushed authorization requests only. */
  WEB_PAR("web-par", "web-par-secret"),
  /** As {@link #WEB}, by {@link Keycloak#keyServiceKey()}; takes signed requests only. */
  WEB_SIGNED("web-signed", ""),
  /**
   * As {@link #WEB}; ID tokens, UserInfo and answers by JWT are signed by ES256, and such an answer
   * names its issuer once.
   */
  WEB_JWT("web-jwt", "web-jwt-secret"),
  /** As {@link #WEB_JWT}; all of them are encrypted to {@link Keycloak#encryptionKey()}. */
  WEB_ENCRYPTED("web-encrypted", "web-encrypted-secret"),
  /** CIBA by polling. */
  BACK_CHANNEL("back-channel", "back-channel-secret"),
  /** Client credentials, for tokens that may register clients. */
  REGISTRAR("registrar", "registrar-secret"),
  /** Token exchange to the audience orders-api. */
  EXCHANGER("exchanger", "exchanger-secret"),
  /** The protected API: introspection, audience. */
  ORDERS_API("orders-api", "orders-api-secret"),
  /** Client credentials and password grant; only with DPoP. */
  DPOP_SERVICE("dpop-service", "dpop-service-secret"),
  /** As {@link #NATIVE}, without device flow; password grant; only with DPoP. */
  DPOP_NATIVE("dpop-native", ""),
  /** {@code private_key_jwt}, ES256, by {@link Keycloak#keyServiceKey()}. */
  KEY_SERVICE("key-service", ""),
  /** {@code client_secret_jwt}, HS256. */
  HMAC_SERVICE("hmac-service", "hmac-service-secret-of-more-than-thirty-two-bytes"),
  /** {@code tls_client_auth}, by {@link Certificates#showing}; certificate-bound tokens. */
  TLS_SERVICE("tls-service", "");

  private final String id;
  private final String secret;

  RegisteredClient(String id, String secret) {
    this.id = id;
    this.secret = secret;
  }

  public String id() {
    return id;
  }

  /** Empty for a client without one. */
  public String secret() {
    return secret;
  }
}
