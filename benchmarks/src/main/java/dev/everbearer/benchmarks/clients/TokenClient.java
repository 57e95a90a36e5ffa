package dev.everbearer.benchmarks.clients;

/** What every client can do: have a token at hand. Thread-safe, as the clients themselves are. */
public interface TokenClient extends AutoCloseable {

  /**
   * Looks a token up by the client's usual way, and obtains one where need be.
   *
   * @return what the client hands out
   * @throws Exception when the client has no token to give
   */
  Object lookUp() throws Exception;

  /**
   * The value of the {@code Authorization} header field for a call that is made now.
   *
   * @throws Exception when the client has no token to give
   */
  String authorization() throws Exception;

  @Override
  void close();
}
