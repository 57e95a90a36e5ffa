package dev.everbearer.demo;

import java.io.PrintStream;

/** One line of a terminal, written over and over. Events stay above it. */
final class LiveLine implements Progress {

  /** One column stays free, so that no terminal wraps the line. */
  static final int WIDTH = 79;

  private static final String START_OF_LINE = "\r";
  private static final String CLEAR_TO_END = "\u001b[K";

  /** Nobody reads faster. */
  private static final long INTERVAL = 100_000_000L;

  private final PrintStream terminal;
  private long next;

  LiveLine(PrintStream terminal) {
    this.terminal = terminal;
  }

  @Override
  public void moment(Moment moment) {
    if (moment.elapsed() < next) {
      return;
    }
    next = moment.elapsed() + INTERVAL;
    String line = moment.line();
    String fitting = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
    terminal.print(START_OF_LINE + fitting + CLEAR_TO_END);
    terminal.flush();
  }

  @Override
  public void event(long elapsed, String text) {
    terminal.print(START_OF_LINE + CLEAR_TO_END);
    terminal.printf("%6s  %s%n", Words.seconds(elapsed), text);
  }

  @Override
  public void end() {
    terminal.print(START_OF_LINE + CLEAR_TO_END);
    terminal.flush();
  }
}
