package dev.everbearer.testing.server;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the content of an answer comes from.
 *
 * @param isHealthy whether the server's own behaviour provides it
 * @param chooser finds the answer for a request; null if the answer is known already
 * @param sentInstead what goes over the wire in place of the content; null for the content itself
 */
record Origin(
    boolean isHealthy,
    @Nullable Function<RecordedRequest, Answer> chooser,
    @Nullable Answer sentInstead) {

  static final Origin FIXED = new Origin(false, null, null);

  static final Origin HEALTHY = new Origin(true, null, null);

  static Origin computed(Function<RecordedRequest, Answer> chooser) {
    return new Origin(false, chooser, null);
  }

  Origin sentAs(@Nullable Answer answer) {
    return answer == null ? this : new Origin(isHealthy, chooser, answer);
  }
}
