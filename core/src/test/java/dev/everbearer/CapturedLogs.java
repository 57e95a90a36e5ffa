package dev.everbearer;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Everything that is logged below a logger's name while this is open, at every level. */
public final class CapturedLogs implements AutoCloseable {

  private final Logger logger;
  private final Level levelBefore;
  private final boolean usesParentsBefore;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logRecord) {
          records.add(logRecord);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private CapturedLogs(String name) {
    logger = Logger.getLogger(name);
    levelBefore = logger.getLevel();
    usesParentsBefore = logger.getUseParentHandlers();
    handler.setLevel(Level.ALL);
    logger.setLevel(Level.ALL);
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
  }

  /** Captures a logger and all below it; the empty name captures every logger there is. */
  public static CapturedLogs of(String name) {
    return new CapturedLogs(name);
  }

  /** The messages of a level and above, with their parameters filled in. */
  public List<String> messages(Level atLeast) {
    return records.stream()
        .filter(each -> each.getLevel().intValue() >= atLeast.intValue())
        .map(each -> new SimpleFormatter().formatMessage(each))
        .toList();
  }

  /** Everything in every record: logger, message, parameters, stack trace. */
  public List<String> everything() {
    return records.stream().map(CapturedLogs::wholeText).toList();
  }

  /** As {@link #everything()}, without the loggers whose names begin so. */
  public List<String> everythingButOf(List<String> prefixes) {
    return records.stream()
        .filter(each -> prefixes.stream().noneMatch(nameOf(each)::startsWith))
        .map(CapturedLogs::wholeText)
        .toList();
  }

  private static String nameOf(LogRecord logRecord) {
    return logRecord.getLoggerName() == null ? "" : logRecord.getLoggerName();
  }

  private static String wholeText(LogRecord logRecord) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    writer.println(logRecord.getLoggerName() + " " + logRecord.getLevel());
    writer.println(new SimpleFormatter().formatMessage(logRecord));
    writer.println(logRecord.getMessage() + Arrays.toString(logRecord.getParameters()));
    if (logRecord.getThrown() != null) {
      logRecord.getThrown().printStackTrace(writer);
    }
    writer.flush();
    return text.toString();
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setLevel(levelBefore);
    logger.setUseParentHandlers(usesParentsBefore);
  }
}
