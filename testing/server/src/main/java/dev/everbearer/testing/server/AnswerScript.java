package dev.everbearer.testing.server;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/**
 * What is scripted for one path. Answers that are queued are used one for each request, in order;
 * then the lasting answer is used, if there is one; otherwise the server behaves healthily.
 * Thread-safe.
 */
public final class AnswerScript {

  private final Queue<Answer> queue = new ArrayDeque<>();
  private Answer lasting = Answer.healthy();

  AnswerScript() {}

  /** Queues answers, one for each of the next requests. */
  public synchronized AnswerScript answerNext(Answer... answers) {
    queue.addAll(Arrays.asList(answers));
    return this;
  }

  /** Gives this answer whenever nothing is queued, until something else is said. */
  public synchronized AnswerScript answerAlways(Answer answer) {
    lasting = answer;
    return this;
  }

  /** Forgets everything scripted: the server behaves healthily again. */
  public synchronized AnswerScript answerHealthy() {
    queue.clear();
    lasting = Answer.healthy();
    return this;
  }

  /** How many queued answers are not used yet. */
  public synchronized int queued() {
    return queue.size();
  }

  synchronized Answer next() {
    Answer queued = queue.poll();
    return queued != null ? queued : lasting;
  }
}
