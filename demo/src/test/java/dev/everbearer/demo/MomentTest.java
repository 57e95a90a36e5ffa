package dev.everbearer.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.token.TokenState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class MomentTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Moment MOMENT =
      new Moment(
          12 * SECOND,
          100,
          0,
          new Moment.Age(2 * SECOND, SECOND),
          TokenState.RENEWABLE,
          4,
          /* isOutage= */ true);

  @Test
  void saysEverythingInOneLineOfATerminal() {
    assertThat(MOMENT.line())
        .isEqualTo("12.0 s  100/s  failed 0  token 2.0s old 1.0s left RENEWABLE  renewed 4  OUTAGE")
        .hasSizeLessThanOrEqualTo(LiveLine.WIDTH);
  }

  @Test
  void writesTheLineOverAndKeepsEvents() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LiveLine live = new LiveLine(new PrintStream(bytes, true, UTF_8));
    live.moment(MOMENT);
    live.event(13 * SECOND, "The outage is over.");
    live.end();
    assertThat(bytes.toString(UTF_8))
        .isEqualTo(
            "\r"
                + MOMENT.line()
                + "\u001b[K\r\u001b[K13.0 s  The outage is over."
                + System.lineSeparator()
                + "\r\u001b[K");
  }

  @Test
  void plainLinesComeEveryFiveSeconds() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PlainLines plain = new PlainLines(new PrintStream(bytes, true, UTF_8));
    for (int tenth = 0; tenth <= 120; tenth++) {
      plain.moment(at(tenth * SECOND / 10));
    }
    assertThat(bytes.toString(UTF_8).lines().map(line -> line.substring(0, 6)))
        .containsExactly(" 5.0 s", "10.0 s");
  }

  private static Moment at(long elapsed) {
    return new Moment(elapsed, 0, 0, null, TokenState.EMPTY, 0, /* isOutage= */ false);
  }
}
