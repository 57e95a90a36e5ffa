package dev.everbearer.demo.server;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthentication;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells what the token allowed: the user ({@code sub}) and the scopes. Whether the call may be made
 * at all was decided before.
 */
final class UserServlet extends HttpServlet {

  @Serial private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var caller = (BearerTokenAuthentication) request.getUserPrincipal();
    response.setContentType("application/json");
    response
        .getOutputStream()
        .write(JsonMapper.shared().writeValueAsBytes(caller.getTokenAttributes()));
  }
}
