package dev.everbearer.testing.server;

import dev.everbearer.testing.server.Delivery.Ending;
import dev.everbearer.testing.server.Delivery.Mode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What a scripted server does with one request, wrongdoing on the wire included. Immutable.
 *
 * <pre>{@code
 * Answer.json(429, "{}").header("Retry-After", "7")
 * Answer.healthy().delayed(Duration.ofSeconds(2))
 * Answer.healthy().sentAs(Answer.reset()) // the server has done its work, the client never knows
 * }</pre>
 *
 * <p>A server reads a request to its end before it answers in any of these ways. Connections are
 * kept for further requests unless it says otherwise here.
 */
public final class Answer {

  private static final byte[] NO_BYTES = {};

  private final Origin origin;
  private final int status;
  private final List<Header> headers;
  private final byte[] body;
  private final Delivery delivery;
  private final Timing timing;

  private Answer(
      Origin origin,
      int status,
      List<Header> headers,
      byte[] body,
      Delivery delivery,
      Timing timing) {
    this.origin = origin;
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.delivery = delivery;
    this.timing = timing;
  }

  private static Answer fixed(int status, byte[] body, Delivery delivery) {
    return new Answer(Origin.FIXED, status, List.of(), body, delivery, Timing.AT_ONCE);
  }

  private static Answer from(Origin origin) {
    return new Answer(origin, 0, List.of(), NO_BYTES, Delivery.PLAIN, Timing.AT_ONCE);
  }

  /**
   * What the server does when nothing is scripted. Header fields, delays and endings given to this
   * answer are added to those of the server's own.
   */
  public static Answer healthy() {
    return from(Origin.HEALTHY);
  }

  /**
   * The answer that a function finds for the request. The function runs when the request has been
   * read; it may return {@link #healthy()}.
   */
  public static Answer computedFrom(Function<RecordedRequest, Answer> function) {
    return from(Origin.computed(function));
  }

  /**
   * An answer without a body.
   *
   * @param status 200 to 999
   */
  public static Answer status(int status) {
    if (status < 200 || status > 999) {
      throw new IllegalArgumentException("No final status: " + status + "; raw() can send it");
    }
    return fixed(status, NO_BYTES, Delivery.PLAIN);
  }

  /** An answer of type {@code application/json}; the text need not be JSON at all. */
  public static Answer json(int status, String json) {
    return text(status, "application/json", json);
  }

  /** An answer with a text, sent in UTF-8. */
  public static Answer text(int status, String contentType, String text) {
    return bytes(status, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  /** An answer with any body. */
  public static Answer bytes(int status, String contentType, byte[] body) {
    return status(status).withBody(body.clone()).header("Content-Type", contentType);
  }

  /** A redirect to a place, without a body. */
  public static Answer redirect(int status, URI location) {
    return status(status).header("Location", location.toString());
  }

  /**
   * Takes the request and keeps silent. Once {@link ScriptedServer#releaseHung()} is called, the
   * server goes on as if the request had only then arrived, and its healthy answer is sent. When
   * the server is closed instead, the connection ends without a byte.
   *
   * @see #held() the opposite order: work done, answer kept back
   */
  public static Answer hang() {
    return healthy().timed(Timing.HANG);
  }

  /** Closes the connection in an orderly way before the first byte of an answer. */
  public static Answer closeBeforeAnswer() {
    return fixed(0, NO_BYTES, Delivery.raw(Ending.CLOSE));
  }

  /** Resets the connection before the first byte of an answer. */
  public static Answer reset() {
    return fixed(0, NO_BYTES, Delivery.raw(Ending.RESET));
  }

  /**
   * Announces a JSON body, sends a part of it and resets the connection.
   *
   * @param announcedLength the Content-Length, in bytes
   */
  public static Answer resetInBody(String partialBody, int announcedLength) {
    return partial(partialBody, announcedLength, Ending.RESET);
  }

  /**
   * Announces a JSON body, sends a part of it and closes the connection in an orderly way.
   *
   * @param announcedLength the Content-Length, in bytes
   */
  public static Answer cutBody(String partialBody, int announcedLength) {
    return partial(partialBody, announcedLength, Ending.CLOSE);
  }

  private static Answer partial(String partialBody, int announcedLength, Ending ending) {
    return json(200, partialBody).delivered(Delivery.announcing(announcedLength, ending));
  }

  /**
   * Sends a JSON body byte by byte.
   *
   * @param perByte the pause before each byte of the body, in real time; the head comes at once
   */
  public static Answer drip(String body, Duration perByte) {
    return json(200, body).delivered(new Delivery(Mode.MESSAGE, -1, perByte, Ending.KEEP));
  }

  /** Sends a JSON document whose first string never ends, until the client goes away. */
  public static Answer endlessBody() {
    Delivery endless = new Delivery(Mode.ENDLESS, -1, Duration.ZERO, Ending.CLOSE);
    return json(200, "{\"access_token\":\"").delivered(endless);
  }

  /**
   * Sends bytes as they are, in place of status line, header fields and body. The connection then
   * serves the next request; bytes that do not make a whole answer want {@link #thenClose()} or
   * {@link #thenHold()}.
   */
  public static Answer raw(byte[] bytes) {
    return fixed(0, bytes.clone(), Delivery.raw(Ending.KEEP));
  }

  /** Sends a text as it is, one byte per character (ISO 8859-1); see {@link #raw(byte[])}. */
  public static Answer raw(String text) {
    return raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Adds a header field; one of the same name that is there already stays.
   *
   * @throws IllegalArgumentException if name or value cannot be sent in one line
   * @throws IllegalStateException if this answer is {@link #raw}
   */
  public Answer header(String name, String value) {
    if ((name + value).matches("(?s).*[\\r\\n\\x00].*")) {
      throw new IllegalArgumentException("Only raw() can send line breaks in a header field");
    }
    if (delivery.mode() == Mode.RAW) {
      throw new IllegalStateException("The bytes of a raw answer hold all of its header fields");
    }
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Answer(origin, status, List.copyOf(more), body, delivery, timing);
  }

  /** Waits before the answer is sent; what the server does for it is done before. Real time. */
  public Answer delayed(Duration realTime) {
    return timed(timing.withDelay(realTime));
  }

  /**
   * Keeps the answer back until {@link ScriptedServer#releaseHung()} is called; what the server
   * does for it, such as issuing a token, is done before.
   */
  public Answer held() {
    return timed(timing.held());
  }

  /** Closes the connection after the answer, without announcing it. */
  public Answer thenClose() {
    return delivered(delivery.endingIn(Ending.CLOSE));
  }

  /** Resets the connection after the answer. */
  public Answer thenReset() {
    return delivered(delivery.endingIn(Ending.RESET));
  }

  /**
   * Keeps the connection open after the answer, but takes in what the client sends without another
   * word, as after a switch of protocols.
   */
  public Answer thenHold() {
    return delivered(delivery.endingIn(Ending.HOLD));
  }

  /**
   * Does what this answer does at the server, but sends the other one: {@code
   * Answer.healthy().sentAs(Answer.reset())} issues a token that never arrives. The delays of both
   * add up.
   *
   * @throws IllegalArgumentException if the other answer is a healthy or computed one, or hangs
   */
  public Answer sentAs(Answer other) {
    if (!other.origin.equals(Origin.FIXED)) {
      throw new IllegalArgumentException("What is sent instead must be a fixed answer");
    }
    return new Answer(origin.sentAs(other), status, headers, body, delivery, timing);
  }

  /** This answer if it is known already, otherwise the one computed for the request. */
  Answer chosenFor(RecordedRequest request) {
    Function<RecordedRequest, Answer> chooser = origin.chooser();
    return chooser == null ? this : laidOver(chooser.apply(request).chosenFor(request));
  }

  /** What goes over the wire; the healthy behaviour is carried out if this answer wants it. */
  Answer carriedOut(Supplier<Answer> healthy) {
    Answer done = origin.isHealthy() ? laidOver(healthy.get()) : this;
    Answer instead = done.origin.sentInstead();
    return instead == null ? done : instead.timed(done.timing.and(instead.timing));
  }

  private Answer laidOver(Answer base) {
    Ending ending = delivery.ending() == Ending.KEEP ? base.delivery.ending() : delivery.ending();
    List<Header> all = new ArrayList<>(base.headers);
    all.addAll(headers);
    return new Answer(
        base.origin.sentAs(origin.sentInstead()),
        base.status,
        List.copyOf(all),
        base.body,
        base.delivery.endingIn(ending),
        timing.and(base.timing));
  }

  int status() {
    return status;
  }

  List<Header> headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  Delivery delivery() {
    return delivery;
  }

  Timing timing() {
    return timing;
  }

  private Answer withBody(byte[] other) {
    return new Answer(origin, status, headers, other, delivery, timing);
  }

  private Answer delivered(Delivery other) {
    return new Answer(origin, status, headers, body, other, timing);
  }

  private Answer timed(Timing other) {
    return new Answer(origin, status, headers, body, delivery, other);
  }

  /** With the JSON object of the body changed; anything else is left as it is. */
  Answer alteredJson(UnaryOperator<Map<String, Object>> alteration) {
    try {
      Map<String, Object> document = Json.readObject(new String(body, StandardCharsets.UTF_8));
      byte[] changed = Json.write(alteration.apply(document)).getBytes(StandardCharsets.UTF_8);
      return new Answer(origin, status, headers, changed, delivery, timing);
    } catch (ParseException e) {
      return this;
    }
  }

  @Override
  public String toString() {
    return "Answer[%s, %d, %s, %d bytes, %s]"
        .formatted(origin, status, headers, body.length, delivery);
  }
}
