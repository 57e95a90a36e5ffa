package dev.everbearer.testing.server;

/** The kinds of JWT that an authorization server makes for a client. */
public enum JwtKind {
  /** ID tokens (OpenID Connect Core section 2). */
  ID_TOKEN("id_token", "JWT"),
  /** Signed answers of the UserInfo endpoint (OpenID Connect Core section 5.3.2). */
  USERINFO("userinfo", "JWT"),
  /** Authorization responses as JWT (JARM). */
  AUTHORIZATION("authorization", "JWT"),
  /** Introspection responses as JWT (RFC 9701). */
  INTROSPECTION("introspection", "token-introspection+jwt");

  private final String prefix;
  private final String typ;

  JwtKind(String prefix, String typ) {
    this.prefix = prefix;
    this.typ = typ;
  }

  /** What the names of the client metadata for this kind begin with. */
  String metadataName(String ending) {
    return prefix + ending;
  }

  String typ() {
    return typ;
  }
}
