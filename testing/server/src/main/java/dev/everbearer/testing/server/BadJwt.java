package dev.everbearer.testing.server;

/** A JWT that a client sent is not what it must be; whoever asked for it names the error code. */
final class BadJwt extends RuntimeException {

  BadJwt(String description) {
    super(description, null, false, false);
  }

  String description() {
    return String.valueOf(getMessage());
  }
}
