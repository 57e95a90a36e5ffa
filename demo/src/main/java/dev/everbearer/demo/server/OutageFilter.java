package dev.everbearer.demo.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.concurrent.atomic.AtomicLong;

/** Stands in front of the token endpoint and, in an outage, lets nothing through to it. */
final class OutageFilter extends HttpFilter {

  @Serial private static final long serialVersionUID = 1L;

  private volatile boolean on;
  private final AtomicLong refused = new AtomicLong();

  void set(boolean newState) {
    on = newState;
  }

  long refused() {
    return refused.get();
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (on) {
      refused.incrementAndGet();
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } else {
      chain.doFilter(request, response);
    }
  }
}
