package dev.everbearer.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}. */
final class DurationConverter implements ITypeConverter<Duration> {

  /** Nine digits: no unit takes them over the range of a {@link Duration}. */
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|)");

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'%s' is not a duration; write 500ms, 30s, 5m, 1h, or plain seconds".formatted(text));
    }
    return Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2)));
  }

  private static ChronoUnit unit(String name) {
    return switch (name) {
      case "ms" -> ChronoUnit.MILLIS;
      case "m" -> ChronoUnit.MINUTES;
      case "h" -> ChronoUnit.HOURS;
      default -> ChronoUnit.SECONDS;
    };
  }

  /** The shortest of these forms, for messages. */
  static String format(Duration duration) {
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + " ms";
    }
    return duration.toSeconds() + " s";
  }
}
