package dev.everbearer.okhttp;

import dev.everbearer.testing.contract.HttpAdapterContract.Pending;
import dev.everbearer.testing.contract.HttpAdapterContract.Reply;
import dev.everbearer.testing.contract.HttpAdapterContract.Sender;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/** What the contract asks of an adapter, by OkHttp. */
abstract class OkHttpSender implements Sender {

  private final OkHttpClient client;

  OkHttpSender(OkHttpClient client) {
    this.client = client;
  }

  abstract Response answer(Call call) throws Exception;

  static <T> T outcome(Future<T> call) throws Exception {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  private static Request.Builder request(URI uri) {
    return new Request.Builder().url(uri.toString());
  }

  private Call call(Request.Builder request) {
    return client.newCall(request.build());
  }

  private Reply reply(Call call) throws Exception {
    try (Response response = answer(call)) {
      return new Reply(response.code(), response.body().string());
    }
  }

  @Override
  public Reply get(URI uri) throws Exception {
    return reply(call(request(uri)));
  }

  @Override
  public Reply getWith(URI uri, String name, String value) throws Exception {
    return reply(call(request(uri).header(name, value)));
  }

  @Override
  public Reply get(URI uri, Duration timeout) throws Exception {
    return reply(client.newBuilder().callTimeout(timeout).build().newCall(request(uri).build()));
  }

  @Override
  public Reply post(URI uri, String body) throws Exception {
    return reply(call(request(uri).post(RequestBody.create(body, null))));
  }

  @Override
  public Reply postOnce(URI uri, String body) throws Exception {
    return reply(call(request(uri).post(new OneShot(body))));
  }

  @Override
  public Pending begin(URI uri) {
    Call call = call(request(uri));
    FutureTask<Reply> reply = new FutureTask<>(() -> reply(call));
    new Thread(reply).start();
    return new Pending() {
      @Override
      public void cancel() {
        call.cancel();
      }

      @Override
      public Reply await() throws Exception {
        return outcome(reply);
      }
    };
  }

  @Override
  public InputStream stream(URI uri) throws Exception {
    return answer(call(request(uri))).body().byteStream();
  }

  @Override
  public boolean isTimeout(Throwable error) {
    return error instanceof InterruptedIOException;
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  /** A body that can be read once. */
  static class OneShot extends RequestBody {

    private final String text;
    private int written;

    OneShot(String text) {
      this.text = text;
    }

    @Override
    public MediaType contentType() {
      return null;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      if (written++ > 0) {
        throw new IOException("This body is used up.");
      }
      sink.writeUtf8(text);
    }
  }
}
