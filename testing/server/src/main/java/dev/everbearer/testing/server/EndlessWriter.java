package dev.everbearer.testing.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.Callback;

/** Takes a connection over from Jetty and writes chunk after chunk until the client goes away. */
final class EndlessWriter {

  private static final int CHUNK_BYTES = 8 * 1024;
  private static final byte[] FILLER = chunk("x".repeat(CHUNK_BYTES).getBytes(US_ASCII));

  private final Connector connector;
  private final EndPoint endPoint;

  EndlessWriter(Connector connector, EndPoint endPoint) {
    this.connector = connector;
    this.endPoint = endPoint;
  }

  void start(Answer answer) {
    write(ByteBuffer.wrap(HttpHead.of(answer)), ByteBuffer.wrap(chunk(answer.body())));
  }

  private void writeMore() {
    write(ByteBuffer.wrap(FILLER));
  }

  private void write(ByteBuffer... bytes) {
    Runnable next = () -> connector.getExecutor().execute(this::writeMore);
    endPoint.write(Callback.from(next, failure -> endPoint.close()), bytes);
  }

  private static byte[] chunk(byte[] content) {
    ByteBuffer chunk = ByteBuffer.allocate(content.length + 16);
    chunk.put(Integer.toHexString(content.length).getBytes(US_ASCII));
    chunk.put("\r\n".getBytes(US_ASCII)).put(content).put("\r\n".getBytes(US_ASCII)).flip();
    byte[] bytes = new byte[chunk.remaining()];
    chunk.get(bytes);
    return bytes;
  }
}
