package dev.everbearer.benchmarks.idle;

import dev.everbearer.OAuthClient;
import dev.everbearer.benchmarks.clients.TokenServer;
import dev.everbearer.grant.Grant;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a number of sources took of the heap that were never asked.
 *
 * @param bytesEach bytes for each source, strings included
 * @param threads how many threads of Everbearer they added
 */
record Heap(int sources, double bytesEach, int threads) {

  static final Grant FIRST = Grant.clientCredentials();

  private static final int COLLECTIONS = 4;

  static Heap of(int count) {
    List<Grant> grants = grants(count);
    try (TokenServer server = TokenServer.start(TokenServer.LONG_LIFE);
        OAuthClient client = server.everbearer()) {
      client.tokens(FIRST).token(); // What all sources share is there before.
      int before = liveThreads();
      long usedBefore = used();
      grants.forEach(client::tokens);
      int added = liveThreads() - before;
      return new Heap(count, (double) (used() - usedBefore) / count, added);
    }
  }

  static List<Grant> grants(int count) {
    return IntStream.range(0, count).mapToObj(Heap::grant).toList();
  }

  private static Grant grant(int number) {
    return Grant.clientCredentials().scope("scope-" + number);
  }

  static long used() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < COLLECTIONS; i++) {
      memory.gc();
    }
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static int liveThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("everbearer"))
            .count();
  }
}
