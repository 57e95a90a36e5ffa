package dev.everbearer.wire;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.wire.TransportException.Trouble;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Names the troubles that every endpoint of an authorization server can have. */
public final class HttpFailures {

  /** What a server asks for beyond this is not heeded. */
  public static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);

  private HttpFailures() {}

  /** No whole answer came. */
  public static Failure ofTransport(String endpointName, URI uri, TransportException thrown) {
    FailureKind kind =
        switch (thrown.trouble()) {
          case FORBIDDEN -> FailureKind.REFUSED;
          case CLOSED, NOT_CONNECTED -> FailureKind.NOT_CONNECTED;
          case UNTRUSTED_SERVER -> FailureKind.UNTRUSTED_SERVER;
          case UNCLEAR -> FailureKind.UNCLEAR;
          case UNREADABLE -> FailureKind.MALFORMED;
        };
    return of(kind, endpointName, uri, thrown);
  }

  /**
   * No whole answer came to a request that only reads: nothing of ours was sent that could have
   * been processed, so what is unclear or unreadable is the server's trouble, and passes.
   */
  public static Failure ofReading(String endpointName, URI uri, TransportException thrown) {
    return switch (thrown.trouble()) {
      case FORBIDDEN, CLOSED, NOT_CONNECTED, UNTRUSTED_SERVER ->
          ofTransport(endpointName, uri, thrown);
      case UNCLEAR, UNREADABLE -> of(FailureKind.SERVER_TROUBLE, endpointName, uri, thrown);
    };
  }

  private static Failure of(
      FailureKind kind, String endpointName, URI uri, TransportException thrown) {
    URI shown = Urls.withoutQuery(uri);
    String advice = thrown.trouble() == Trouble.CLOSED ? "Use a new one." : advice(kind);
    return Failure.builder(
            kind, "The %s %s %s. %s".formatted(endpointName, shown, thrown.getMessage(), advice))
        .endpoint(shown)
        .status(thrown.status())
        .cause(thrown.getCause())
        .build();
  }

  private static String advice(FailureKind kind) {
    return switch (kind) {
      case REFUSED -> "If it is to be called, list its host by allowInternalHosts(...).";
      case NOT_CONNECTED -> "Check the URL, the network and the proxy.";
      case UNTRUSTED_SERVER ->
          "Check its certificate and host name, or give an SSLContext that trusts it.";
      case SERVER_TROUBLE -> "Nothing was lost by it: it only reads, and can be asked again.";
      case UNCLEAR -> "Whether it processed the request is not known.";
      default -> "This is not what an authorization server answers.";
    };
  }

  /** The status by which a proxy asks who we are (RFC 9110 section 15.5.8). */
  public static final int PROXY_ASKS = 407;

  /** What that means, and what to do. */
  public static final String PROXY_ADVICE =
      "A proxy on the way wants to know who asks, and let nothing pass. Give it proxyCredentials(...)."
          + " If it has them: for https Java tells a proxy no Basic credentials unless it is started"
          + " with -Djdk.http.auth.tunneling.disabledSchemes= (to nothing).";

  /** The failure of an answer that says "not now", or null when it says something else. */
  public static @Nullable Failure serverTrouble(String endpointName, HttpAnswer answer) {
    return isTrouble(answer.status()) ? trouble(endpointName, answer).build() : null;
  }

  /**
   * The same, for a request that does more than read. A time-out or an error may be that of a
   * gateway, and says nothing of what the server behind it did or still does; 429 and 503 say that
   * nothing was begun.
   *
   * @param isOfServer whether by its body the answer is the authorization server's own
   */
  public static @Nullable Failure serverTrouble(
      String endpointName, HttpAnswer answer, boolean isOfServer) {
    int status = answer.status();
    if (!isTrouble(status)) {
      return null;
    }
    Failure.Builder trouble = trouble(endpointName, answer);
    boolean isClear = isOfServer || status == 429 || status == 503;
    return (isClear ? trouble : trouble.unclear()).build();
  }

  private static boolean isTrouble(int status) {
    return status >= 500 || status == 429 || status == 408;
  }

  private static Failure.Builder trouble(String endpointName, HttpAnswer answer) {
    int status = answer.status();
    Duration retryAfter = retryAfter(answer);
    boolean isThrottled = status == 429 || (status == 503 && retryAfter != null);
    return Failure.builder(
            isThrottled ? FailureKind.THROTTLED : FailureKind.SERVER_TROUBLE,
            "The %s %s answered %d%s. It is in trouble or busy, which passes by itself."
                .formatted(
                    endpointName,
                    answer.uri(),
                    status,
                    retryAfter == null ? "" : ", come back in " + retryAfter.toSeconds() + " s"))
        .endpoint(answer.uri())
        .status(status)
        .retryAfter(retryAfter);
  }

  /**
   * The wait that {@code Retry-After} asks for (RFC 9110 section 10.2.3), at most five minutes; a
   * date in the past is zero, and null means that there is none or that it is junk. A date is held
   * against the clock that it was made by, for ours may be wrong.
   */
  public static @Nullable Duration retryAfter(HttpAnswer answer) {
    String value = answer.header("retry-after").orElse("").trim();
    if (value.matches("\\d{1,18}")) {
      return clamp(Duration.ofSeconds(Long.parseLong(value)));
    }
    Instant until = HttpDate.parse(value);
    return until == null ? null : clamp(Duration.between(ServerClock.at(answer), until));
  }

  private static Duration clamp(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait;
  }
}
