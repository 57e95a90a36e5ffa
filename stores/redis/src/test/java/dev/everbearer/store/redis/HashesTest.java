package dev.everbearer.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.StoreKey;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.Variant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.databases.RedisProcess;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands in the server, and what happens when it is not as it was written. */
class HashesTest {

  private final String prefix = Stores.newPrefix();
  private final Keys keys = new Keys(prefix);
  private final String hash = keys.grant(Stores.KEY);
  private final RedisTokenStore store = Stores.at(prefix);

  @AfterEach
  void close() {
    store.close();
  }

  private List<String> corrupt() {
    return Stores.redis().keys(prefix + "corrupt:*");
  }

  @Test
  void itOutlivesAMachine() {
    assertThat(store.isDurable()).isTrue();
  }

  @Test
  void theClockIsTheServersToTheMicrosecond() {
    List<String> before = Stores.redis().time();
    Instant now = store.read(Stores.KEY).now();
    List<String> after = Stores.redis().time();
    assertThat(now).isBetween(instant(before), instant(after));
  }

  private static Instant instant(List<String> time) {
    return Instant.ofEpochSecond(Long.parseLong(time.get(0)))
        .plusNanos(Long.parseLong(time.get(1)) * 1000);
  }

  @Test
  @Spec("SE-41")
  void nothingOfATokenCanBeReadFromAHash() {
    Stores.write(store, Stores.KEY, "the-secret-token");
    Map<String, String> fields = Stores.redis().hgetall(hash);
    assertThat(fields)
        .containsEntry("registration", "client")
        .containsEntry("grant_type", "refresh_token")
        .containsEntry("subject", "user-1")
        .containsEntry("version", "1")
        .containsEntry("state", "LIVE");
    assertThat(fields.toString()).doesNotContain("the-secret-token");
    assertThat(Stores.token(store, Stores.KEY)).isEqualTo("the-secret-token");
  }

  @Test
  @Spec("SE-41")
  void anOldKeyReadsAndTheNewOneWrites() {
    StoreKey old = StoreKey.generate();
    StoreKey newest = StoreKey.generate();
    Stores.write(Stores.at(prefix, StoreKeys.of(old)), Stores.KEY, "first");
    RedisTokenStore both = Stores.at(prefix, StoreKeys.of(newest, old));
    assertThat(Stores.token(both, Stores.KEY)).isEqualTo("first");
    Stores.write(both, Stores.KEY, "second");
    assertThat(Stores.token(Stores.at(prefix, StoreKeys.of(newest)), Stores.KEY))
        .isEqualTo("second");
  }

  @Test
  @Spec({"SE-41", "LC-64"})
  void aHashInThePlaceOfAnotherDoesNotOpenAndIsSetAside() {
    GrantKey other = Stores.key("user-2");
    Stores.write(store, Stores.KEY, "mine");
    Stores.write(store, other, "theirs");
    Map<String, String> mine = Stores.redis().hgetall(hash);
    Map<String, String> theirs = Stores.redis().hgetall(keys.grant(other));
    Stores.redis().hset(hash, theirs);
    Stores.redis().hset(keys.grant(other), mine);
    assertThat(Stores.token(store, Stores.KEY)).isEqualTo("none");
    assertThat(Stores.token(store, other)).isEqualTo("none");
    assertThat(corrupt()).hasSize(2);
    assertThat(corrupt().stream().map(each -> Stores.redis().hget(each, "record")))
        .containsExactlyInAnyOrder(mine.get("record"), theirs.get("record"));
  }

  @Test
  @Spec({"SE-41", "LC-64"})
  void anOlderHashInThePlaceOfANewerDoesNotOpenAsTheNewer() {
    Stores.write(store, Stores.KEY, "spent");
    Map<String, String> spent = Stores.redis().hgetall(hash);
    Stores.write(store, Stores.KEY, "good");
    spent.put("version", "2");
    Stores.redis().hset(hash, spent);
    assertThat(Stores.token(store, Stores.KEY)).isEqualTo("none");
  }

  @Test
  @Spec("LC-64")
  void aBrokenRecordIsSetAsideAndThenAbsentAndALoginWritesAnew() {
    Stores.write(store, Stores.KEY, "whole");
    String record = Stores.redis().hget(hash, "record");
    List<String> broken = new ArrayList<>(List.of("", "?", record.substring(1), record + "A"));
    for (int at = 0; at < record.length(); at += 1 + record.length() / 12) {
      char other = record.charAt(at) == 'A' ? 'B' : 'A';
      broken.add(record.substring(0, at) + other + record.substring(at + 1));
    }
    for (String each : broken) {
      Stores.redis().hset(hash, "record", each);
      assertThat(store.read(Stores.KEY).record().version()).as(each).isZero();
      assertThat(Stores.redis().exists(hash)).as(each).isZero();
      assertThat(Stores.write(store, Stores.KEY, "again")).as(each).isTrue();
    }
    List<String> kept = corrupt().stream().sorted().toList();
    assertThat(kept.stream().map(each -> Stores.redis().hget(each, "record"))).isEqualTo(broken);
    assertThat(kept).allSatisfy(each -> assertThat(Stores.redis().hget(each, "why")).isNotBlank());
  }

  @Test
  @Spec("LC-64")
  void aRecordThatIsBrokenWithItsSumIsSetAsideToo() {
    Stores.write(store, Stores.KEY, "whole");
    String broken = Stores.redis().hget(hash, "record") + "A";
    Stores.redis().hset(hash, "record", broken);
    Stores.redis().hset(hash, "sum", Stores.redis().digest(broken));
    assertThat(Stores.token(store, Stores.KEY)).isEqualTo("none");
    assertThat(corrupt()).hasSize(1);
  }

  @Test
  @Spec("LC-64")
  void whatIsNoHashOfOursIsSetAside() {
    List<Runnable> damages =
        List.of(
            () -> Stores.redis().hset(hash, "version", "x"),
            () -> Stores.redis().hset(hash, "version", "01"),
            () -> Stores.redis().hset(hash, "version", "9".repeat(30)),
            () -> Stores.redis().hdel(hash, "version"),
            () -> Stores.redis().hdel(hash, "record"),
            () -> Stores.redis().set(hash, "a text"));
    for (Runnable damage : damages) {
      Stores.write(store, Stores.KEY, "whole");
      damage.run();
      assertThat(store.read(Stores.KEY).record().version()).isZero();
      assertThat(Stores.redis().exists(hash)).isZero();
    }
    assertThat(corrupt()).hasSize(damages.size());
  }

  @Test
  @Spec("LC-64")
  void aFirstWriteGoesOverWhatIsBrokenAndKeepsIt() {
    Stores.redis().set(hash, "a text");
    assertThat(store.compareAndSet(Stores.KEY, Stores.withToken(GrantRecord.absent(), "first")))
        .isTrue();
    assertThat(Stores.token(store, Stores.KEY)).isEqualTo("first");
    assertThat(corrupt()).hasSize(1);
  }

  @Test
  @Spec("LC-64")
  void aRecordWhoseKeyIsMissingIsLeftAndTheErrorSaysSo() {
    Stores.write(store, Stores.KEY, "whole");
    RedisTokenStore stranger = Stores.at(prefix, StoreKeys.of(StoreKey.generate()));
    assertThatThrownBy(() -> stranger.read(Stores.KEY))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining(hash)
        .hasMessageContaining("not among those given")
        .hasMessageContaining("restore its key");
    assertThat(corrupt()).isEmpty();
    assertThat(Stores.token(store, Stores.KEY)).isEqualTo("whole");
  }

  @Test
  void aListHasPagesInTheOrderOfUtf16OfOneRegistrationAlone() {
    List<String> subjects =
        List.of(
            "",
            "\0",
            "\0a",
            "\1",
            "A",
            "B",
            "a",
            "a ",
            "a\0",
            "ab",
            "é",
            "\uD83C",
            "\uD83C\uDF53",
            "\uFF5E",
            "x".repeat(5000));
    List<GrantKey> grants =
        new ArrayList<>(
            subjects.stream()
                .flatMap(s -> Stream.of("refresh_token", "client_credentials").map(t -> key(s, t)))
                .toList());
    grants.forEach(each -> Stores.write(store, each, "token"));
    for (String registration : List.of("clien", "client\0", "client ", "Client", "clienu")) {
      Stores.write(store, new GrantKey(registration, "refresh_token", "x"), "token");
    }
    grants.sort(GrantKey.BY_SUBJECT);
    assertThat(listed(4)).isEqualTo(grants);
    assertThat(store.list("client", new GrantKey("clien", "t", "z"), 100)).hasSize(grants.size());
    assertThat(store.list("client", new GrantKey("clienu", "t", "a"), 100)).isEmpty();
  }

  private List<GrantKey> listed(int limit) {
    List<GrantKey> listed = new ArrayList<>();
    GrantKey after = null;
    List<GrantSummary> page;
    do {
      page = store.list("client", after, limit);
      page.forEach(each -> listed.add(each.key()));
      after = page.isEmpty() ? null : page.get(page.size() - 1).key();
    } while (after != null);
    return listed;
  }

  private static GrantKey key(String subject, String type) {
    return new GrantKey("client", type, subject);
  }

  @Test
  void aListSaysHowAGrantStandsWithoutItsRecord() {
    Instant sent = Instant.parse("2026-01-01T00:00:00.123456Z");
    StoredToken token = new StoredToken(AccessToken.bearer("a"), sent, Duration.ofMinutes(5));
    Variant variant = Variant.of(Grant.clientCredentials().request());
    GrantRecord first = GrantRecord.absent().next().token(variant, token).build();
    store.compareAndSet(Stores.KEY, first);
    store.compareAndSet(Stores.KEY, first.next().dead(Reason.LOST_IN_FLIGHT).build());
    Stores.redis().hset(hash, "record", "broken");
    Instant now = store.read(Stores.key("other")).now();
    GrantSummary summary = store.list("client", null, 10).get(0);
    assertThat(summary.key()).isEqualTo(Stores.KEY);
    assertThat(summary.state()).isEqualTo(GrantSummary.State.DEAD);
    assertThat(summary.reason()).isEqualTo(Reason.LOST_IN_FLIGHT);
    assertThat(summary.version()).isEqualTo(2);
    assertThat(summary.expiresAt()).isEqualTo(sent.plus(Duration.ofMinutes(5)));
    assertThat(summary.changedAt()).isBetween(now.minusSeconds(60), now);
  }

  @Test
  void whatIsGoneIsInNoListAndPagesGoOnBehindIt() {
    List<GrantKey> grants = Stream.of("a", "b", "c", "d", "e").map(Stores::key).toList();
    grants.forEach(each -> Stores.write(store, each, "token"));
    Stores.redis().del(keys.grant(grants.get(0)), keys.grant(grants.get(1)));
    Stores.redis().hset(keys.grant(grants.get(3)), "state", "unheard of");
    Stores.redis().zadd(keys.index("client"), 0, "no entry of ours");
    assertThat(listed(1)).containsExactly(grants.get(2), grants.get(4));
  }

  @Test
  void aGrantThatCouldNotBeListedIsListedByItsNextWrite() {
    Stores.redis().set(keys.index("client"), "no sorted set");
    assertThat(Stores.write(store, Stores.KEY, "first")).isTrue();
    assertThatThrownBy(() -> store.list("client", null, 10)).isInstanceOf(OAuthException.class);
    Stores.redis().del(keys.index("client"));
    assertThat(store.list("client", null, 10)).isEmpty();
    assertThat(Stores.write(store, Stores.KEY, "second")).isTrue();
    assertThat(store.list("client", null, 10)).hasSize(1);
  }

  @Test
  void aListOfNothingIsRefused() {
    assertThatThrownBy(() -> store.list("client", null, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aServerThatHasForgottenTheScriptsIsToldThemAgain() {
    Stores.write(store, Stores.KEY, "first");
    Stores.redis().scriptFlush();
    assertThat(Stores.write(store, Stores.KEY, "second")).isTrue();
    assertThat(Stores.token(store, Stores.KEY)).isEqualTo("second");
  }

  @Test
  void aClosedStoreSaysSo() {
    store.close();
    assertThatThrownBy(() -> store.read(Stores.KEY)).hasMessageContaining("closed");
  }

  @Test
  void aPrefixOrATimeThatCannotBeIsRefused() {
    assertThatThrownBy(() -> Stores.at("a{b}")).isInstanceOf(IllegalArgumentException.class);
    var builder = RedisTokenStore.builder(RedisProcess.shared().client(), Stores.KEYS);
    assertThatThrownBy(() -> builder.commandTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
