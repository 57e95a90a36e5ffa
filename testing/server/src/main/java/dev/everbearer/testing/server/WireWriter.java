package dev.everbearer.testing.server;

import dev.everbearer.testing.server.Delivery.Ending;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Takes a connection over from Jetty and writes an answer to it byte by byte. */
final class WireWriter {

  private final Connector connector;
  private final EndPoint endPoint;

  WireWriter(Connector connector, EndPoint endPoint) {
    this.connector = connector;
    this.endPoint = endPoint;
  }

  void start(Answer answer) {
    Delivery delivery = answer.delivery();
    ByteBuffer head = ByteBuffer.wrap(HttpHead.of(answer));
    ByteBuffer body = ByteBuffer.wrap(answer.body());
    Runnable end = () -> end(delivery.ending());
    if (delivery.pace().isZero()) {
      write(end, head, body);
    } else {
      write(() -> drip(body, delivery.pace(), end), head);
    }
  }

  private void drip(ByteBuffer rest, Duration pace, Runnable end) {
    if (!rest.hasRemaining()) {
      end.run();
      return;
    }
    ByteBuffer next = ByteBuffer.wrap(new byte[] {rest.get()});
    after(pace, () -> write(() -> drip(rest, pace, end), next));
  }

  private void after(Duration pause, Runnable work) {
    Runnable onPool = () -> connector.getExecutor().execute(work);
    var unused = connector.getScheduler().schedule(onPool, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void write(Runnable next, ByteBuffer... bytes) {
    endPoint.write(Callback.from(next, failure -> endPoint.close()), bytes);
  }

  private void end(Ending ending) {
    switch (ending) {
      case KEEP -> endPoint.upgrade(newHttpConnection());
      case HOLD -> endPoint.upgrade(new SilentConnection(endPoint, connector.getExecutor()));
      case CLOSE -> endPoint.close();
      case RESET -> reset();
    }
  }

  private Connection newHttpConnection() {
    return connector
        .getConnectionFactory(HttpConnectionFactory.class)
        .newConnection(connector, endPoint);
  }

  private void reset() {
    try {
      if (endPoint.getTransport() instanceof SocketChannel channel) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
      }
    } catch (IOException e) {
      // The client has closed the connection before.
    }
    endPoint.close();
  }

  /** Reads and drops what the client sends, until it closes the connection. */
  private static final class SilentConnection extends AbstractConnection {

    private final ByteBuffer dropped = BufferUtil.allocate(4096);

    SilentConnection(EndPoint endPoint, Executor executor) {
      super(endPoint, executor);
    }

    @Override
    public void onOpen() {
      super.onOpen();
      fillInterested();
    }

    @Override
    public void onFillable() {
      try {
        int count = 1;
        while (count > 0) {
          BufferUtil.clear(dropped);
          count = getEndPoint().fill(dropped);
        }
        if (count == 0) {
          fillInterested();
        } else {
          close();
        }
      } catch (IOException e) {
        close();
      }
    }
  }
}
