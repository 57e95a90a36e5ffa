package dev.everbearer.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates in header fields (RFC 9110 section 5.6.7). */
final class HttpDate {

  private static final DateTimeFormatter FORM =
      DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);

  private HttpDate() {}

  /** The moment; null when the text is no such date. */
  static @Nullable Instant parse(String text) {
    try {
      return ZonedDateTime.parse(text, FORM).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
