package dev.everbearer.okhttp;

import okhttp3.HttpUrl;

/**
 * Goes with a request that carries a token.
 *
 * @param url where the token may go
 */
record Sent(HttpUrl url) {

  boolean isOrigin(HttpUrl other) {
    return url.scheme().equals(other.scheme())
        && url.host().equals(other.host())
        && url.port() == other.port();
  }
}
