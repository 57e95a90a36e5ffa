package dev.everbearer.demo.server;

import java.time.Duration;

/** What a token endpoint can do instead of answering a token. */
public enum TokenFault {
  /** The server has a bug. */
  STATUS_500("500"),
  /** A proxy's page: its server does not answer. */
  STATUS_502("502 with HTML"),
  /** The server is down for a while. */
  STATUS_503("503"),
  /** Too many requests. */
  STATUS_429("429"),
  /** Too many requests, and when to come back. */
  STATUS_429_RETRY_AFTER("429 with Retry-After"),
  /** Down, and for how many seconds. */
  STATUS_503_RETRY_AFTER("503 with Retry-After"),
  /** Down, and until when by the server's clock. */
  STATUS_503_RETRY_AT("503 with a date in Retry-After"),
  /** The OAuth error of a server that is overloaded. */
  TEMPORARILY_UNAVAILABLE("temporarily_unavailable"),
  /** 200 with bytes that are no text. */
  GARBAGE("garbage"),
  /** 200 with a page, as a captive portal answers. */
  HTML_WITH_200("HTML with 200"),
  /** 200 without a body. */
  EMPTY("empty"),
  /** JSON without a token. */
  NO_TOKEN("no token in the answer"),
  /** An OAuth error with status 200. */
  ERROR_WITH_200("error with 200"),
  /** The connection is closed in the middle of the body. */
  CUT("closed in the body"),
  /** The connection is closed before an answer. */
  CLOSED("closed connection"),
  /** No answer until the client has given up. */
  HANG("hang"),
  /** A good answer at a byte every 200 ms. */
  DRIP("drip"),
  /** A body without end. */
  ENDLESS("endless body"),
  /** Elsewhere, where a client must not carry its secret. */
  REDIRECT("redirect"),
  /** A line break in the token. */
  BAD_CHARACTERS("bad characters in the token"),
  /** JSON of 200,000 brackets. */
  DEEP("deep nesting"),
  /** A 400 that is not OAuth's. */
  STATUS_400("400 without a code"),
  /** A 401 that is not OAuth's, as of a gateway. */
  STATUS_401("401 without a code");

  /** What {@code Retry-After} asks for. */
  public static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final String label;

  TokenFault(String label) {
    this.label = label;
  }

  /** The fault in a few words. */
  public String label() {
    return label;
  }

  /** Whether the answer takes as long as the client lets it. */
  public boolean isEndless() {
    return this == HANG || this == DRIP || this == ENDLESS;
  }

  /** Whether the answer says when to come back. */
  public boolean saysWhen() {
    return this == STATUS_429_RETRY_AFTER
        || this == STATUS_503_RETRY_AFTER
        || this == STATUS_503_RETRY_AT;
  }
}
