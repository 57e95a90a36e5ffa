package dev.everbearer.cli;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Keeps log lines off standard error, unless they are wanted. {@link LogManager} makes one of these
 * in place of reading its configuration file; without a log line that never happens.
 */
public final class CommandLog {

  private static final String CONFIG_CLASS = "java.util.logging.config.class";
  private static final String CONFIG_FILE = "java.util.logging.config.file";

  /** What the renewal logs is told by {@link AttemptTeller}. Kept, for loggers are held weakly. */
  private final Logger toldOtherwise = Logger.getLogger("dev.everbearer.renewal");

  private static volatile boolean isWanted;

  /** Called by {@link LogManager}. */
  public CommandLog() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.setLevel(Level.INFO);
    root.addHandler(new Lines());
    toldOtherwise.setLevel(Level.OFF);
  }

  /** Takes over the log of this process, unless somebody has configured it. */
  static void takeOver() {
    if (System.getProperty(CONFIG_FILE) == null && System.getProperty(CONFIG_CLASS) == null) {
      System.setProperty(CONFIG_CLASS, CommandLog.class.getName());
    }
  }

  /** Says whether log lines are wanted from now on; at first they are not. */
  static void show(boolean wanted) {
    isWanted = wanted;
  }

  private static final class Lines extends Handler {

    private final Formatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord record) {
      if (isWanted && isLoggable(record)) {
        String text = formatter.formatMessage(record);
        System.err.println(
            PrintableText.lines(
                "%s %s: %s".formatted(record.getLevel(), record.getLoggerName(), text)));
      }
    }

    @Override
    public void flush() {
      System.err.flush();
    }

    @Override
    public void close() {}
  }
}
