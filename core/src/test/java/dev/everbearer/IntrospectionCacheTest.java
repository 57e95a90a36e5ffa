package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.Introspection;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Answers are kept for as long as was said, however long that is. */
class IntrospectionCacheTest {

  private static final Secret TOKEN = Secret.of("token");

  private final SettableClock clock = new SettableClock();

  @Test
  @Spec("IN-03")
  void anAgeBeyondAllClocksIsALongOne() {
    Introspection answer = Introspection.of(Map.of("active", true));
    for (Duration age :
        new Duration[] {Duration.ofSeconds(Long.MAX_VALUE), Duration.ofNanos(Long.MAX_VALUE)}) {
      IntrospectionCache cache = new IntrospectionCache(1, age, clock, clock::nanoTime);
      cache.put(TOKEN, answer);
      assertThat(cache.get(TOKEN)).isSameAs(answer);
      clock.advance(Duration.ofDays(300));
      assertThat(cache.get(TOKEN)).isSameAs(answer);
    }
  }
}
