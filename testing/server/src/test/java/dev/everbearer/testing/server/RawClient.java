package dev.everbearer.testing.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that knows only bytes; text is read and written one byte per character. */
final class RawClient implements AutoCloseable {

  private static final String TOKEN_REQUEST =
      "POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
          + "Authorization: Basic Yzpz\r\nContent-Length: 29\r\n\r\ngrant_type=client_credentials";

  private final Socket socket;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  RawClient(URI origin) throws IOException {
    socket = new Socket(origin.getHost(), origin.getPort());
    timeout(Http.PATIENCE);
  }

  void timeout(Duration timeout) throws IOException {
    socket.setSoTimeout((int) timeout.toMillis());
  }

  RawClient send(String bytes) throws IOException {
    received.reset();
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  RawClient sendTokenRequest() throws IOException {
    return send(TOKEN_REQUEST);
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  String readSoFar() {
    return received.toString(StandardCharsets.ISO_8859_1);
  }

  /** Reads until the server ends the connection. */
  String readToEnd() throws IOException {
    for (int next = read(); next >= 0; next = read()) {
      received.write(next);
    }
    return readSoFar();
  }

  String readBytes(int count) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(count);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Reads one message with a Content-Length, and not a byte more. */
  String readMessage() throws IOException {
    while (!readSoFar().endsWith("\r\n\r\n")) {
      readOne();
    }
    Matcher length = Pattern.compile("(?i)content-length: *(\\d+)").matcher(readSoFar());
    int left = length.find() ? Integer.parseInt(length.group(1)) : 0;
    for (int i = 0; i < left; i++) {
      readOne();
    }
    return readSoFar();
  }

  private void readOne() throws IOException {
    int next = read();
    if (next < 0) {
      throw new IOException("The connection ended after: " + readSoFar());
    }
    received.write(next);
  }

  private int read() throws IOException {
    InputStream in = socket.getInputStream();
    return in.read();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
