package dev.everbearer.testing.contract;

import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.http.internal.AuthorizedHttpClient;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Nested;

/** The wrapped {@code java.net.http.HttpClient}, both ways of sending. */
class JdkHttpClientTest {

  @Nested
  class Blocking extends HttpAdapterContract {

    @Override
    protected Sender open(BearerAuthorizer authorizer) {
      HttpClient client = wrapped(authorizer);
      return new JdkSender() {
        @Override
        <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws Exception {
          return client.send(request, handler);
        }

        @Override
        public Pending begin(URI uri) {
          FutureTask<Reply> call = new FutureTask<>(() -> get(uri));
          Thread thread = new Thread(call);
          thread.start();
          return pending(thread::interrupt, call);
        }
      };
    }
  }

  @Nested
  class Asynchronous extends HttpAdapterContract {

    @Override
    protected Sender open(BearerAuthorizer authorizer) {
      HttpClient client = wrapped(authorizer);
      return new JdkSender() {
        @Override
        <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws Exception {
          return outcome(client.sendAsync(request, handler));
        }

        @Override
        public Pending begin(URI uri) {
          HttpRequest request = HttpRequest.newBuilder(uri).build();
          var call = client.sendAsync(request, BodyHandlers.ofString());
          return pending(() -> call.cancel(true), call.thenApply(JdkSender::reply));
        }
      };
    }
  }

  private static HttpClient wrapped(BearerAuthorizer authorizer) {
    return new AuthorizedHttpClient(HttpClient.newHttpClient(), true, authorizer, 0);
  }

  private abstract static class JdkSender implements HttpAdapterContract.Sender {

    abstract <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws Exception;

    static HttpAdapterContract.Reply reply(HttpResponse<String> response) {
      return new HttpAdapterContract.Reply(response.statusCode(), response.body());
    }

    private HttpAdapterContract.Reply reply(HttpRequest.Builder request) throws Exception {
      return reply(send(request.build(), BodyHandlers.ofString()));
    }

    static <T> T outcome(Future<T> call) throws Exception {
      try {
        return call.get();
      } catch (ExecutionException e) {
        throw (Exception) e.getCause();
      }
    }

    static HttpAdapterContract.Pending pending(
        Runnable cancel, Future<HttpAdapterContract.Reply> call) {
      return new HttpAdapterContract.Pending() {
        @Override
        public void cancel() {
          cancel.run();
        }

        @Override
        public HttpAdapterContract.Reply await() throws Exception {
          return outcome(call);
        }
      };
    }

    @Override
    public HttpAdapterContract.Reply get(URI uri) throws Exception {
      return reply(HttpRequest.newBuilder(uri));
    }

    @Override
    public HttpAdapterContract.Reply get(URI uri, Duration timeout) throws Exception {
      return reply(HttpRequest.newBuilder(uri).timeout(timeout));
    }

    @Override
    public InputStream stream(URI uri) throws Exception {
      return send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream()).body();
    }

    @Override
    public boolean isTimeout(Throwable error) {
      return error instanceof HttpTimeoutException;
    }

    @Override
    public HttpAdapterContract.Reply getWith(URI uri, String name, String value) throws Exception {
      return reply(HttpRequest.newBuilder(uri).header(name, value));
    }

    @Override
    public HttpAdapterContract.Reply post(URI uri, String body) throws Exception {
      return reply(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)));
    }

    @Override
    public HttpAdapterContract.Reply postOnce(URI uri, String body) throws Exception {
      ByteArrayInputStream once = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
      return reply(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofInputStream(() -> once)));
    }

    @Override
    public void close() {
      // The client ends with the test.
    }
  }
}
