package dev.everbearer.testing.contract;

import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.http.internal.AuthorizedHttpClient;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
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
        HttpResponse<String> send(HttpRequest request) throws Exception {
          return client.send(request, BodyHandlers.ofString());
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
        HttpResponse<String> send(HttpRequest request) throws Exception {
          try {
            return client.sendAsync(request, BodyHandlers.ofString()).get();
          } catch (ExecutionException e) {
            throw (Exception) e.getCause();
          }
        }
      };
    }
  }

  private static HttpClient wrapped(BearerAuthorizer authorizer) {
    return new AuthorizedHttpClient(HttpClient.newHttpClient(), true, authorizer, 0);
  }

  private abstract static class JdkSender implements HttpAdapterContract.Sender {

    abstract HttpResponse<String> send(HttpRequest request) throws Exception;

    private HttpAdapterContract.Reply reply(HttpRequest.Builder request) throws Exception {
      HttpResponse<String> response = send(request.build());
      return new HttpAdapterContract.Reply(response.statusCode(), response.body());
    }

    @Override
    public HttpAdapterContract.Reply get(URI uri) throws Exception {
      return reply(HttpRequest.newBuilder(uri));
    }

    @Override
    public HttpAdapterContract.Reply getWith(URI uri, String authorization) throws Exception {
      return reply(HttpRequest.newBuilder(uri).header("Authorization", authorization));
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
