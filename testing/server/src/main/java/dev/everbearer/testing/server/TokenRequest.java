package dev.everbearer.testing.server;

/**
 * A request to the token endpoint from a client that has proved who it is.
 *
 * @param confirmation the key that it wants its tokens bound to
 */
record TokenRequest(RegisteredClient client, OAuthForm form, Confirmation confirmation) {

  /**
   * What refresh tokens are bound to: nothing, if the client authenticates (RFC 9449 section 5).
   */
  Confirmation refreshConfirmation() {
    return client.isPublic() ? confirmation : Confirmation.NONE;
  }
}
