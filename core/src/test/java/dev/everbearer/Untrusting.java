package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.token.OAuthException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** What must hold whatever a server or a stranger sends. */
public final class Untrusting {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Of the processor, not of the clock: a hundred times what the longest input takes. */
  private static final Duration MOST_WORK = Duration.ofSeconds(5);

  private static final int LONGEST = 4_000;

  private Untrusting() {}

  /** Something that reads what others wrote. */
  @FunctionalInterface
  public interface Step {
    Object run() throws Exception;
  }

  /**
   * Runs it: the outcome can be printed, or it fails as it is documented to, with a message that
   * can be shown, and without much work. Anything else goes on to whoever runs the test.
   *
   * @param documented what it may throw, beside an {@code OAuthException}
   */
  public static void survives(Step step, Class<?>... documented) throws Exception {
    long before = THREADS.getCurrentThreadCpuTime();
    try {
      assertThat(String.valueOf(step.run())).doesNotContain(Exchanges.CANARY);
    } catch (Exception e) {
      if (!isDocumented(e, documented)) {
        throw e;
      }
      requireShowable(e.getMessage());
    }
    assertThat(THREADS.getCurrentThreadCpuTime() - before).isLessThan(MOST_WORK.toNanos());
  }

  private static void requireShowable(String message) {
    assertThat(message).isNotBlank().hasSizeLessThan(LONGEST).doesNotContain(Exchanges.SECRET);
    assertThat(message.chars()).noneMatch(Character::isISOControl);
  }

  private static boolean isDocumented(Exception thrown, Class<?>... documented) {
    for (Class<?> each : documented) {
      if (each.isInstance(thrown)) {
        return true;
      }
    }
    return thrown instanceof OAuthException;
  }
}
