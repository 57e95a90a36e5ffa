package dev.everbearer.demo.server;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of the token endpoint and, while there is a fault, lets nothing through to it. It
 * is part of the web server, for a servlet cannot close the connection.
 */
final class FaultValve extends ValveBase {

  private final CountDownLatch end = new CountDownLatch(1);
  private final Map<TokenFault, Long> met = new ConcurrentHashMap<>();
  private volatile @Nullable TokenFault current;

  FaultValve() {
    super(/* asyncSupported= */ true);
  }

  void set(@Nullable TokenFault fault) {
    current = fault;
  }

  /** How many requests met a fault. */
  long met(TokenFault fault) {
    return met.getOrDefault(fault, 0L);
  }

  /** How many requests met any fault. */
  long met() {
    return met.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Ends what hangs; the server is about to stop. */
  void release() {
    end.countDown();
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    TokenFault fault = current;
    boolean isToken =
        AuthorizationServerConfiguration.TOKEN_ENDPOINT.equals(request.getRequestURI());
    if (fault == null || !isToken) {
      getNext().invoke(request, response);
      return;
    }
    met.merge(fault, 1L, Long::sum);
    new FaultAnswer(response, end).give(fault);
  }
}
