package dev.everbearer.testing.server;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request as a client sent it. Immutable. */
public final class RecordedRequest {

  private final RequestHead head;
  private final byte[] body;
  private final byte[] raw;
  private final Instant arrival;
  private final int connection;
  private final Channel channel;

  RecordedRequest(RequestHead head, byte[] body, byte[] raw, Instant arrival, int connection) {
    this(head, body, raw, arrival, connection, Channel.PLAIN);
  }

  RecordedRequest(RequestHead head, byte[] body, Instant arrival, Channel channel) {
    this(head, body, new byte[0], arrival, 0, channel);
  }

  private RecordedRequest(
      RequestHead head, byte[] body, byte[] raw, Instant arrival, int connection, Channel channel) {
    this.head = head;
    this.body = body;
    this.raw = raw;
    this.arrival = arrival;
    this.connection = connection;
    this.channel = channel;
  }

  /** The method, such as {@code POST}. */
  public String method() {
    return head.method();
  }

  /** The request target as sent: usually the path and, if there was one, the query. */
  public String target() {
    return head.target();
  }

  /** The path of the target, escapes kept, without the query. */
  public String path() {
    int query = target().indexOf('?');
    return query < 0 ? target() : target().substring(0, query);
  }

  /** The query of the target, escapes kept, without the question mark; empty without a query. */
  public Optional<String> query() {
    int query = target().indexOf('?');
    return query < 0 ? Optional.empty() : Optional.of(target().substring(query + 1));
  }

  /** All header fields in the order and the case they were sent in. */
  public List<Header> headers() {
    return head.headers();
  }

  /** The values of the header fields of a name, whatever its case, in the order sent. */
  public List<String> headers(String name) {
    return headers().stream().filter(h -> h.isNamed(name)).map(Header::value).toList();
  }

  /** The value of the first header field of a name, whatever its case. */
  public Optional<String> header(String name) {
    return headers(name).stream().findFirst();
  }

  /** The body, chunks joined; empty without a body. */
  public byte[] body() {
    return body.clone();
  }

  /** The body as UTF-8 text. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * The body read as {@code application/x-www-form-urlencoded}: parameters in the order of their
   * first appearance, each with all its values in order.
   *
   * @throws IllegalArgumentException if the body is no well-formed form
   */
  public Map<String, List<String>> form() {
    return FormData.parse(new String(body, StandardCharsets.ISO_8859_1));
  }

  /**
   * The whole request byte for byte, from the request line to the end of the body, chunk framing
   * included. Empty in requests over TLS and in those handed to {@link Answer#computedFrom}.
   */
  public byte[] rawBytes() {
    return raw.clone();
  }

  /** When the last byte had arrived, by the server's clock. */
  public Instant arrival() {
    return arrival;
  }

  /**
   * The number of the connection, counted from 1 in the order of acceptance. It is 0 in requests
   * over TLS and in those handed to {@link Answer#computedFrom}.
   */
  public int connection() {
    return connection;
  }

  /** Whether the request came over TLS. */
  public boolean isSecure() {
    return channel.isSecure();
  }

  /** The certificate that the client showed, if it did. */
  public Optional<X509Certificate> clientCertificate() {
    return Optional.ofNullable(channel.certificate());
  }

  @Override
  public String toString() {
    return method()
        + " "
        + target()
        + " (connection "
        + connection
        + ", "
        + body.length
        + " bytes)";
  }
}
