package dev.everbearer.store.redis;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.GrantSummary.State;
import dev.everbearer.token.LoginRequiredException.Reason;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.RedisFuture;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The grants of a registration, by its index and the fields that stand open in their hashes. */
final class Index {

  private static final String DOING = "list grants";
  private static final String[] FIELDS = {"state", "reason", "version", "changed_at", "expires_at"};

  private final Server server;
  private final Keys keys;

  Index(Server server, Keys keys) {
    this.server = server;
    this.keys = keys;
  }

  List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
    int order = after == null ? 0 : after.registration().compareTo(registration);
    if (order > 0) {
      return List.of();
    }
    byte @Nullable [] last = after == null || order < 0 ? null : IndexEntry.of(after);
    List<GrantSummary> summaries = new ArrayList<>();
    List<byte[]> entries;
    do {
      int missing = limit - summaries.size();
      entries = entries(registration, last, missing);
      summaries.addAll(summaries(registration, entries));
      last = entries.isEmpty() ? last : entries.get(entries.size() - 1);
      if (entries.size() < missing) {
        break;
      }
    } while (summaries.size() < limit);
    return List.copyOf(summaries);
  }

  private List<byte[]> entries(String registration, byte @Nullable [] after, int limit) {
    Boundary<byte[]> lower = after == null ? Boundary.unbounded() : Boundary.excluding(after);
    Range<byte[]> range = Range.from(lower, Boundary.unbounded());
    String index = keys.index(registration);
    return server.ask(
        DOING, commands -> commands.zrangebylex(index, range, Limit.create(0, limit)));
  }

  /** Of those that are there. */
  private List<GrantSummary> summaries(String registration, List<byte[]> entries) {
    var commands = server.commands(DOING);
    List<GrantKey> listed =
        entries.stream().flatMap(each -> IndexEntry.read(registration, each).stream()).toList();
    List<RedisFuture<List<KeyValue<String, byte[]>>>> answers =
        listed.stream().map(each -> commands.hmget(keys.grant(each), FIELDS)).toList();
    List<GrantSummary> summaries = new ArrayList<>();
    for (int i = 0; i < listed.size(); i++) {
      summary(listed.get(i), server.await(DOING, answers.get(i))).ifPresent(summaries::add);
    }
    return summaries;
  }

  private static Optional<GrantSummary> summary(
      GrantKey key, List<KeyValue<String, byte[]>> fields) {
    Optional<State> state = named(State.values(), text(fields, 0));
    Optional<Instant> changedAt = Micros.read(text(fields, 3));
    if (state.isEmpty() || changedAt.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(summary(key, state.get(), changedAt.get(), fields));
  }

  // NullAway does not see in a class file that a parameter of a nested type may be null.
  @SuppressWarnings("NullAway")
  private static GrantSummary summary(
      GrantKey key, State state, Instant changedAt, List<KeyValue<String, byte[]>> fields) {
    String dead = text(fields, 1);
    Reason reason = dead.isEmpty() ? null : Reason.named(dead);
    long version = Grants.version(text(fields, 2)).orElse(0L);
    Instant expiresAt = Micros.read(text(fields, 4)).orElse(null);
    return new GrantSummary(key, state, reason, version, changedAt, expiresAt);
  }

  private static String text(List<KeyValue<String, byte[]>> fields, int at) {
    return fields.get(at).map(each -> new String(each, StandardCharsets.UTF_8)).getValueOrElse("");
  }

  /** Empty also for one that only a newer version knows. */
  private static <E extends Enum<E>> Optional<E> named(E[] values, String name) {
    return Stream.of(values).filter(each -> each.name().equals(name)).findFirst();
  }
}
