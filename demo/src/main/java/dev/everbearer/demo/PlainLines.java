package dev.everbearer.demo;

import java.io.PrintStream;

/** A line every five seconds, and one for each event: for files and pipes. */
final class PlainLines implements Progress {

  private static final long INTERVAL = 5_000_000_000L;

  private final PrintStream stream;
  private long next = INTERVAL;

  PlainLines(PrintStream stream) {
    this.stream = stream;
  }

  @Override
  public void moment(Moment moment) {
    if (moment.elapsed() >= next) {
      stream.println(moment.line());
      next = (moment.elapsed() / INTERVAL + 1) * INTERVAL;
    }
  }

  @Override
  public void event(long elapsed, String text) {
    stream.printf("%6s  %s%n", Words.seconds(elapsed), text);
  }

  @Override
  public void end() {}
}
