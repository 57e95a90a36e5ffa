package dev.everbearer.testing.server;

import dev.everbearer.testing.server.Delivery.Mode;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;

/** The heads of those answers that are written without Jetty's help. */
final class HttpHead {

  private HttpHead() {}

  /** The bytes up to the body; none for a raw answer. */
  static byte[] of(Answer answer) {
    if (answer.delivery().mode() == Mode.RAW) {
      return new byte[0];
    }
    StringBuilder head = new StringBuilder();
    String reason = HttpStatus.getMessage(answer.status());
    head.append("HTTP/1.1 ").append(answer.status()).append(' ').append(reason).append("\r\n");
    for (Header header : answer.headers()) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    head.append(framing(answer)).append("\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String framing(Answer answer) {
    Delivery delivery = answer.delivery();
    if (delivery.mode() == Mode.ENDLESS) {
      return "Transfer-Encoding: chunked";
    }
    int announced = delivery.announcedLength();
    return "Content-Length: " + (announced < 0 ? answer.body().length : announced);
  }
}
