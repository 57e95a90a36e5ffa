package dev.everbearer.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Goes once through the ways of the short commands, against a server inside this process, so that
 * the JVM can note the classes that they need in an archive that makes later starts fast. Run by
 * the launcher, never by people.
 */
public final class Rehearsal {

  private static final String API = "/api";

  private Rehearsal() {}

  /** Rehearses; ends with a status other than 0 if that did not work out. */
  public static void main(String[] arguments) throws IOException {
    CommandLog.takeOver();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", Rehearsal::answer);
    server.start();
    boolean isDone = rehearse("http://127.0.0.1:" + server.getAddress().getPort());
    server.stop(0);
    System.exit(isDone ? ExitStatus.OK : ExitStatus.FAILED);
  }

  private static boolean rehearse(String origin) {
    return run(ExitStatus.OK, "token", "--token-endpoint", origin + "/token")
        && run(ExitStatus.OK, "token", "--issuer", origin, "--scope", "read")
        && run(ExitStatus.OK, "get", origin + API, "--issuer", origin)
        && run(ExitStatus.REFUSED, "get", origin + "/refused", "--issuer", origin);
  }

  private static boolean run(int expected, String... command) {
    Surroundings around =
        new Surroundings(
            new ByteArrayInputStream(new byte[0]), sink(), sink(), Map.of("SECRET", "s"), false);
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--client-id", "rehearsal", "--client-secret-env", "SECRET"));
    return Everbearer.run(around, all.toArray(String[]::new)) == expected;
  }

  private static PrintStream sink() {
    return new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String origin = "http://" + exchange.getRequestHeaders().getFirst("Host");
    String path = exchange.getRequestURI().getPath();
    boolean isRefusal = path.equals("/refused");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (isRefusal) {
      exchange
          .getResponseHeaders()
          .set("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"x\"");
    }
    byte[] body = body(path, origin).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(isRefusal ? 403 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String body(String path, String origin) {
    return switch (path) {
      case "/token" ->
          "{\"access_token\":\"rehearsed\",\"token_type\":\"Bearer\",\"expires_in\":300}";
      case API, "/refused" -> "{}";
      default ->
          "{\"issuer\":\"%s\",\"token_endpoint\":\"%s/token\",\"response_types_supported\":[\"code\"]}"
              .formatted(origin, origin);
    };
  }
}
