package dev.everbearer.demo;

/**
 * A time from one moment of the run to another, in nanoseconds since its start.
 *
 * @param from the first moment
 * @param until the first moment after it
 */
record Span(long from, long until) {

  /** No time at all. */
  static final Span NONE = new Span(0, 0);

  boolean isEmpty() {
    return until <= from;
  }

  boolean contains(long moment) {
    return moment >= from && moment < until;
  }

  long length() {
    return until - from;
  }
}
