package dev.everbearer.testing.server;

import dev.everbearer.testing.server.Delivery.Mode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One request that Jetty has read and that is still to be answered. */
final class Exchange {

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final InstantSource clock;

  Exchange(Request request, Response response, Callback callback, InstantSource clock) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.clock = clock;
  }

  /** Sends an answer that has been carried out; returns before the bytes are on their way. */
  void send(Answer answer) {
    if (answer.delivery().isOrdinary()) {
      sendThroughJetty(answer);
    } else if (answer.delivery().mode() == Mode.ENDLESS) {
      new EndlessWriter(connector(), endPoint()).start(answer);
    } else {
      new WireWriter(connector(), endPoint()).start(answer);
    }
  }

  /** Runs something later, in real time. */
  void after(Duration delay, Runnable work) {
    Runnable onPool = () -> later(work);
    var unused = connector().getScheduler().schedule(onPool, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs something on one of the server's threads. */
  void later(Runnable work) {
    connector().getExecutor().execute(() -> runOrFail(work));
  }

  /** Ends the connection in an orderly way. */
  void close() {
    endPoint().close();
  }

  private void runOrFail(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      callback.failed(e);
    }
  }

  private void sendThroughJetty(Answer answer) {
    response.setStatus(answer.status());
    answer.headers().forEach(each -> response.getHeaders().add(each.name(), each.value()));
    if (!response.getHeaders().contains(HttpHeader.DATE)) {
      response.getHeaders().add(HttpHeader.DATE, DateGenerator.formatDate(clock.instant()));
    }
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
  }

  private Connector connector() {
    return request.getConnectionMetaData().getConnector();
  }

  private EndPoint endPoint() {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }
}
