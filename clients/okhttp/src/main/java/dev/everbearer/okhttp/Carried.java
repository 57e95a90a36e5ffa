package dev.everbearer.okhttp;

import java.util.Map;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Goes with a call, beside its request: what is put on that just before the wire, and where it may
 * go. Used on the call's own thread alone.
 */
final class Carried {

  /** The header fields of one sending, and its URL. */
  private record Load(HttpUrl url, Map<String, String> headers) {}

  private @Nullable Load load;

  private Carried() {}

  /** That of a call, which has one from now on. */
  static Carried by(Call call) {
    return call.tag(Carried.class, Carried::new);
  }

  /** For one sending. */
  void load(HttpUrl url, Map<String, String> headers) {
    load = new Load(url, headers);
  }

  void unload() {
    load = null;
  }

  /**
   * The request as it goes on the wire; the same one when nothing is carried.
   *
   * @throws dev.everbearer.token.UnboundOriginException when it goes to another origin than what is
   *     carried may
   */
  static Request unloaded(Call call, Request request) {
    Carried carried = call.tag(Carried.class);
    Load load = carried == null ? null : carried.load;
    if (load == null) {
      return request;
    }
    OriginGuard.check(load.url(), request.url());
    Request.Builder attached = request.newBuilder();
    for (Map.Entry<String, String> header : load.headers().entrySet()) {
      attached.header(header.getKey(), header.getValue());
    }
    return attached.build();
  }
}
