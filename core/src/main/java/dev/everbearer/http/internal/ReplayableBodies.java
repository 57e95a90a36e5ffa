package dev.everbearer.http.internal;

import dev.everbearer.http.RepeatableBody;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Which bodies can be sent again: those that are known to bring the same bytes each time. The
 * platform's own publishers are recognised by their classes, found once by making one of each.
 */
final class ReplayableBodies {

  private static final Set<Class<?>> KNOWN = probe();

  private ReplayableBodies() {}

  private static Set<Class<?>> probe() {
    Set<Class<?>> known = new HashSet<>();
    known.add(BodyPublishers.noBody().getClass());
    known.add(BodyPublishers.ofByteArray(new byte[0]).getClass());
    known.add(BodyPublishers.ofString("").getClass());
    try {
      Path anyFile = Path.of(System.getProperty("java.home", ""), "release");
      known.add(BodyPublishers.ofFile(anyFile).getClass());
    } catch (FileNotFoundException | RuntimeException e) {
      // No file to probe with: file bodies are then not replayed, which is safe.
    }
    return Set.copyOf(known);
  }

  static boolean isReplayable(HttpRequest request) {
    return request.bodyPublisher().map(ReplayableBodies::isReplayable).orElse(true);
  }

  static boolean isReplayable(BodyPublisher body) {
    return body instanceof RepeatableBody
        || (body instanceof BufferingBody buffering && buffering.isReplayable())
        || KNOWN.contains(body.getClass());
  }
}
