package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.token.OAuthException;

/** What must hold whatever a server or a stranger sends. */
public final class Untrusting {

  private static final int LONGEST = 4_000;

  private Untrusting() {}

  /** Something that reads what others wrote. */
  @FunctionalInterface
  public interface Step {
    Object run() throws Exception;
  }

  /**
   * Runs it: the outcome can be printed, or it fails as it is documented to, with a message that
   * can be shown. Anything else goes on to whoever runs the test.
   *
   * @param documented what it may throw, beside an {@code OAuthException}
   */
  public static void survives(Step step, Class<?>... documented) throws Exception {
    try {
      assertThat(String.valueOf(step.run())).doesNotContain(Exchanges.CANARY);
    } catch (Exception e) {
      if (!isDocumented(e, documented)) {
        throw e;
      }
      assertThat(e.getMessage()).isNotBlank().doesNotContain(Exchanges.SECRET);
      assertThat(e.getMessage().length()).isLessThan(LONGEST);
      assertThat(e.getMessage().chars()).noneMatch(Character::isISOControl);
    }
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
