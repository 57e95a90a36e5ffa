package dev.everbearer.testing.contract;

import static dev.everbearer.testing.contract.TokenStoreScene.assertSame;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Outbox;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link Outbox} must pass. */
public abstract class OutboxContract {

  private final GrantKey key = new GrantKey("client", "refresh_token", "usér-\uD83C\uDF53");
  private final GrantKey other = new GrantKey("client", "refresh_token", "");
  private final List<Outbox> opened = new ArrayList<>();

  /** An outbox, in the same place for each call of a test; the place is empty at first. */
  protected abstract Outbox open() throws Exception;

  /** Whether it outlives its process. */
  protected abstract boolean isDurable();

  private Outbox opened() throws Exception {
    Outbox outbox = open();
    opened.add(outbox);
    return outbox;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Outbox::close);
  }

  private static GrantRecord record(String token) {
    return TokenStoreScene.withRefreshToken(TokenStoreScene.full(), token);
  }

  private String token(Outbox outbox) {
    GrantRecord kept = outbox.uncommitted(key);
    return kept == null ? "nothing" : TokenStoreScene.revealed(kept);
  }

  @Test
  void anAnswerIsKeptWholeUntilItIsRemoved() throws Exception {
    Outbox outbox = opened();
    assertThat(outbox.uncommitted(key)).isNull();
    outbox.put(key, TokenStoreScene.full());
    assertThat(outbox.uncommitted()).containsOnlyKeys(key);
    assertSame(requireNonNull(outbox.uncommitted(key)), TokenStoreScene.full());
    outbox.remove(key);
    outbox.remove(key);
    assertThat(outbox.uncommitted(key)).isNull();
    assertThat(outbox.uncommitted()).isEmpty();
  }

  @Test
  void aGrantHasOneAnswerTheLast() throws Exception {
    Outbox outbox = opened();
    outbox.put(key, record("first"));
    outbox.put(key, record("second"));
    outbox.put(other, record("other"));
    assertThat(outbox.uncommitted()).containsOnlyKeys(key, other);
    assertThat(token(outbox)).isEqualTo("second");
  }

  @Test
  void twoThatAreOpenAtOnceHaveTwoOwnersAndDoNotTouchOneAnother() throws Exception {
    Outbox one = opened();
    Outbox two = opened();
    assertThat(one.owner()).isNotEqualTo(two.owner()).isNotEmpty();
    one.put(key, record("one"));
    assertThat(two.uncommitted()).isEmpty();
    assertThat(two.orphans()).as("its process has not ended").isEmpty();
  }

  @Test
  void itShowsNoSecret() throws Exception {
    Outbox outbox = opened();
    outbox.put(key, TokenStoreScene.full());
    assertThat(outbox.toString()).doesNotContain("canary");
  }

  // ---- after the process

  private Outbox closed(String token) throws Exception {
    Outbox before = opened();
    before.put(key, record(token));
    return before;
  }

  @Test
  void theNextProcessHasItsOwnerAndItsAnswers() throws Exception {
    assumeTrue(isDurable(), "it ends with its process");
    Outbox before = closed("kept");
    String owner = before.owner();
    before.close();
    Outbox after = opened();
    assertThat(after.owner()).isEqualTo(owner);
    assertThat(token(after)).isEqualTo("kept");
    after.remove(key);
    after.close();
    assertThat(opened().uncommitted()).isEmpty();
  }

  @Test
  void whatEndedProcessesLeftIsTakenOverByOne() throws Exception {
    assumeTrue(isDurable(), "it ends with its process");
    Outbox first = closed("first");
    Outbox second = closed("second");
    Outbox idle = opened();
    Outbox running = opened();
    List.of(first, second, idle).forEach(Outbox::close);
    List<Outbox> orphans = running.orphans();
    opened.addAll(orphans);
    assertThat(orphans).extracting(Outbox::owner).doesNotContain(running.owner()).hasSize(2);
    assertThat(orphans).extracting(this::token).containsExactlyInAnyOrder("first", "second");
    assertThat(running.orphans()).as("taken").isEmpty();
    orphans.get(0).remove(key);
    orphans.forEach(Outbox::close);
    List<Outbox> left = running.orphans();
    opened.addAll(left);
    assertThat(left).extracting(Outbox::owner).containsExactly(orphans.get(1).owner());
  }

  @Test
  void nothingIsPutIntoAnOutboxThatSomebodyElseMayHave() throws Exception {
    assumeTrue(isDurable(), "it ends with its process");
    Outbox outbox = opened();
    outbox.close();
    outbox.close();
    assertThatThrownBy(() -> outbox.put(key, record("late")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(opened().uncommitted()).isEmpty();
  }
}
