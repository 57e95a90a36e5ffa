package dev.everbearer.testing.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Accepts the opening handshake of a WebSocket (RFC 6455), and nothing beyond it. */
final class WebSocketHandshake {

  private static final String PATH = "/ws";
  private static final String PROTOCOL_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private WebSocketHandshake() {}

  static boolean isIn(RecordedRequest request) {
    return request.path().equals(PATH)
        && request.header("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent()
        && request.header("Sec-WebSocket-Key").isPresent();
  }

  static Answer accept(RecordedRequest request) {
    String key = request.header("Sec-WebSocket-Key").orElse("");
    String head =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + acceptValue(key)
            + "\r\n\r\n";
    return Answer.raw(head).thenHold();
  }

  private static String acceptValue(String key) {
    try {
      byte[] octets = (key + PROTOCOL_GUID).getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-1", e);
    }
  }
}
