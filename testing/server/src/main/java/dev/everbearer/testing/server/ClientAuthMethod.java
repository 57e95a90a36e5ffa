package dev.everbearer.testing.server;

/** How a client proves who it is to the authorization server. */
public enum ClientAuthMethod {
  /** Id and secret, form-encoded, in an {@code Authorization: Basic} header field. */
  CLIENT_SECRET_BASIC("client_secret_basic"),
  /** The parameters {@code client_id} and {@code client_secret} in the body. */
  CLIENT_SECRET_POST("client_secret_post"),
  /** The parameter {@code client_id} alone, for clients that have no secret. */
  NONE("none");

  private final String metadataName;

  ClientAuthMethod(String metadataName) {
    this.metadataName = metadataName;
  }

  /** The name in the metadata document, such as {@code client_secret_basic}. */
  public String metadataName() {
    return metadataName;
  }
}
