package dev.everbearer.benchmarks.load;

import dev.everbearer.benchmarks.clients.TokenClient;

/** The bare thing: a header field that is written once. */
record FixedHeader(String authorization) implements TokenClient {

  @Override
  public Object lookUp() {
    return authorization;
  }

  @Override
  public void close() {
    // It holds nothing open.
  }
}
