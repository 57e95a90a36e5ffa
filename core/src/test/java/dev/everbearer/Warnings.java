package dev.everbearer;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Collects the warnings of one logger until it is closed. */
public final class Warnings implements AutoCloseable {

  private final Logger logger;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler collector =
      new Handler() {
        private final SimpleFormatter format = new SimpleFormatter();

        @Override
        public void publish(LogRecord line) {
          if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
            lines.add(format.formatMessage(line));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private Warnings(String loggerName) {
    logger = Logger.getLogger(loggerName);
    logger.addHandler(collector);
  }

  /** Starts to collect what is complained of in answers. */
  public static Warnings ofAnswers() {
    return new Warnings("dev.everbearer.protocol");
  }

  /** The lines so far that hold a text. */
  public List<String> holding(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    logger.removeHandler(collector);
  }
}
