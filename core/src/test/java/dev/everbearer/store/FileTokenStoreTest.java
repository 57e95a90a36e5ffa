package dev.everbearer.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.CapturedLogs;
import dev.everbearer.store.internal.PrivateFiles;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grants on disk: what does not open, and what is there for whom. */
class FileTokenStoreTest {

  private static final GrantKey KEY = new GrantKey("shop", "refresh_token", "ann");
  private static final GrantKey OTHER = new GrantKey("shop", "refresh_token", "bob");

  @TempDir private Path temporary;
  private final SettableClock clock = new SettableClock();
  private Path directory;
  private KeyFile keys;
  private FileTokenStore store;

  @BeforeEach
  void open() {
    directory = temporary.resolve("everbearer/grants");
    keys = KeyFile.at(temporary.resolve("keys/store.jwks"));
    store = opened(keys);
  }

  private FileTokenStore opened(StoreKeys by) {
    return new FileTokenStore(directory, by, clock);
  }

  private static GrantRecord following(GrantRecord record, String token) {
    ServerIdentity server = new ServerIdentity(null, URI.create("https://id.test/token"));
    return record.next().refreshToken(Secret.of(token), server).build();
  }

  private void write(GrantKey key, String token) {
    assertThat(store.compareAndSet(key, following(store.read(key).record(), token))).isTrue();
  }

  private String token(GrantKey key) {
    return store.read(key).record().refreshToken().map(Secret::reveal).orElse("none");
  }

  private Path file(GrantKey key) {
    return directory.resolve(key.digest() + ".grant");
  }

  private void replace(byte[] content) throws IOException {
    PrivateFiles.replaceAlone(file(KEY), content);
  }

  /** Counts as absent, is told once, and is there under another name. */
  private void isSetAside(byte[] broken, int number, String why) throws IOException {
    replace(broken);
    Path aside = directory.resolve(file(KEY).getFileName() + ".corrupt-" + number);
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.store")) {
      assertThat(token(KEY)).isEqualTo("none");
      assertThat(store.read(KEY).record().version()).isZero();
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("shop", file(KEY).toString(), why, aside.toString())
          .doesNotContain("canary", "ann");
    }
    assertThat(aside).hasBinaryContent(broken);
  }

  // ---- keeping

  @Test
  void nothingIsMadeBeforeSomethingIsKept() {
    assertThat(token(KEY)).isEqualTo("none");
    assertThat(store.list("shop", null, 10)).isEmpty();
    assertThat(directory).doesNotExist();
    assertThat(store.isDurable()).isTrue();
  }

  @Test
  void itTellsTheTimeOfItsClock() {
    write(KEY, "first");
    clock.advance(Duration.ofMinutes(3));
    assertThat(store.read(KEY).now()).isEqualTo(clock.instant());
    assertThat(store.list("shop", null, 1).get(0).changedAt())
        .isEqualTo(clock.instant().minus(Duration.ofMinutes(3)));
  }

  @Test
  @Spec("SE-41")
  void aDumpShowsNoSecret() throws Exception {
    write(KEY, "canary-refresh");
    String dump = Files.readString(file(KEY), ISO_8859_1);
    assertThat(dump).contains("\"subject\":\"ann\"", "LIVE").doesNotContain("canary");
    assertThat(store.toString()).isEqualTo("FileTokenStore[" + directory + "]");
  }

  @Test
  void anInterruptedThreadWritesAllTheSame() {
    Thread.currentThread().interrupt();
    write(KEY, "kept");
    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    assertThat(token(KEY)).isEqualTo("kept");
  }

  @Test
  void aWriteThatFailsLeavesWhatWasAndSaysWhere() throws Exception {
    write(KEY, "first");
    GrantRecord next = following(store.read(KEY).record(), "second");
    Path inTheWay =
        Files.createDirectory(directory.resolve("." + file(KEY).getFileName() + ".tmp"));
    Files.createFile(inTheWay.resolve("file"));
    assertThatThrownBy(() -> store.compareAndSet(KEY, next))
        .isInstanceOfSatisfying(
            OAuthException.class,
            e -> assertThat(e.failure().orElseThrow().kind()).isEqualTo(FailureKind.SERVER_TROUBLE))
        .hasMessageContainingAll(file(KEY).toString(), "cannot be written");
    assertThat(token(KEY)).isEqualTo("first");
  }

  // ---- damage

  @Test
  @Spec("LC-64")
  void aBrokenFileIsSetAsideAndToldAndCountsAsAbsent() throws Exception {
    write(KEY, "canary-first");
    byte[] whole = Files.readAllBytes(file(KEY));
    String text = new String(whole, ISO_8859_1);
    isSetAside(new byte[0], 1, "it is cut off");
    isSetAside(new byte[] {(byte) 0xff, 0, 1}, 2, "it is cut off");
    isSetAside(Arrays.copyOf(whole, whole.length / 2), 3, "it is ");
    isSetAside(Arrays.copyOf(whole, whole.length - 9), 4, "base64url");
    isSetAside((text + "\n").getBytes(ISO_8859_1), 5, "it is ");
    isSetAside(text.replace("{\"format\":1", "{\"format\":2").getBytes(ISO_8859_1), 6, "another");
    isSetAside(text.replace("LIVE", "WELL").getBytes(ISO_8859_1), 7, "first line");
    write(KEY, "anew");
    assertThat(token(KEY)).isEqualTo("anew");
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all.filter(each -> each.toString().contains("corrupt"))).hasSize(7);
    }
  }

  /** Whether it is as good as none; what opens is what was written. */
  private boolean isBroken(byte[] flipped) throws Exception {
    SealedRecords records = SealedRecords.by(keys, "a test");
    try {
      GrantFile found = GrantFile.of(flipped);
      GrantRecord read = records.open(KEY, found.sealed(), found.summary().version());
      assertThat(read).usingRecursiveComparison().isEqualTo(following(GrantRecord.absent(), "ann"));
      return false;
    } catch (GrantFile.NoGrantFileException e) {
      return true;
    } catch (SealedRecords.BrokenRecordException e) {
      return !e.isKeyMissing();
    }
  }

  @Test
  @Spec("LC-64")
  void whicheverByteIsFlippedNoOtherRecordIsRead() throws Exception {
    write(KEY, "ann");
    byte[] whole = Files.readAllBytes(file(KEY));
    int line = new String(whole, ISO_8859_1).indexOf('\n');
    int broken = 0;
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      broken += isBroken(flipped) ? 1 : 0;
    }
    assertThat(broken)
        .as("all but the line and the key id")
        .isGreaterThan(whole.length - line - 60);
  }

  @Test
  @Spec("LC-64")
  void whicheverByteIsFlippedNothingIsLost() throws Exception {
    write(KEY, "ann");
    byte[] whole = Files.readAllBytes(file(KEY));
    Path aside = directory.resolve(file(KEY).getFileName() + ".corrupt-1");
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.store")) {
      int setAside = 0;
      for (int at = 0; at < whole.length; at += 17) {
        byte[] flipped = whole.clone();
        flipped[at] ^= 1;
        replace(flipped);
        boolean isBroken = isBroken(flipped);
        readOrTellThatTheKeyIsMissing();
        assertThat(isBroken ? aside : file(KEY)).hasBinaryContent(flipped);
        setAside += Files.deleteIfExists(aside) ? 1 : 0;
      }
      assertThat(setAside).isGreaterThan(whole.length / 17 / 2);
      assertThat(logs.messages(Level.WARNING)).hasSize(setAside);
    }
  }

  private void readOrTellThatTheKeyIsMissing() {
    try {
      assertThat(token(KEY)).isIn("ann", "none");
    } catch (OAuthException e) {
      assertThat(e).hasMessageContaining("a key that is not among those given");
    }
  }

  @Test
  @Spec("SE-41")
  void anotherGrantsFileDoesNotOpen() throws Exception {
    write(KEY, "canary-ann");
    write(OTHER, "canary-bob");
    isSetAside(Files.readAllBytes(file(OTHER)), 1, "another entry");
    assertThat(token(OTHER)).isEqualTo("canary-bob");
  }

  @Test
  @Spec("SE-41")
  void anOlderRecordDoesNotOpenInPlaceOfANewer() throws Exception {
    write(KEY, "canary-spent");
    String older = Files.readString(file(KEY));
    write(KEY, "canary-current");
    String newer = Files.readString(file(KEY));
    String mixed = newer.substring(0, newer.indexOf('\n')) + older.substring(older.indexOf('\n'));
    isSetAside(mixed.getBytes(ISO_8859_1), 1, "another version");
    replace(newer.getBytes(ISO_8859_1));
    assertThat(token(KEY)).as("as it was").isEqualTo("canary-current");
  }

  // ---- keys

  @Test
  @Spec("SE-41")
  void theNewestKeyWritesAndOlderOnesRead() throws Exception {
    write(KEY, "first");
    StoreKey added = keys.rotate();
    assertThat(token(KEY)).isEqualTo("first");
    write(OTHER, "other");
    store = opened(StoreKeys.of(added));
    assertThat(token(OTHER)).isEqualTo("other");
    byte[] before = Files.readAllBytes(file(KEY));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store.read(KEY))
          .isInstanceOf(OAuthException.class)
          .hasMessageContainingAll(
              file(KEY).toString(), "a key that is not among those given", "restore its key");
    }
    GrantRecord anew = following(GrantRecord.absent(), "anew");
    assertThatThrownBy(() -> store.compareAndSet(KEY, anew)).isInstanceOf(OAuthException.class);
    assertThat(file(KEY)).hasBinaryContent(before);
    store = opened(keys);
    write(KEY, "second");
    store = opened(StoreKeys.of(added));
    assertThat(token(KEY)).as("written anew by the newest").isEqualTo("second");
  }

  @Test
  @Spec("SE-41")
  void plainTextIsKeptByAnExplicitWishAndWithAWarning() throws Exception {
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.store")) {
      store = opened(StoreKeys.plainText());
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains(directory.toString(), "plain text");
    }
    write(KEY, "shown-é");
    assertThat(Files.readString(file(KEY))).contains("shown-é");
    assertThat(token(KEY)).isEqualTo("shown-é");
    store = opened(keys);
    isSetAside(Files.readAllBytes(file(KEY)), 1, "it is not sealed");
    store = opened(List::of);
    assertThatThrownBy(() -> write(OTHER, "never"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no key");
  }

  // ---- lists

  @Test
  void aListLeavesOutWhatNamesAnotherGrantOrNone() throws Exception {
    write(KEY, "first");
    write(OTHER, "other");
    Files.writeString(directory.resolve(KEY.digest() + ".grant.corrupt-1"), "broken");
    String text = Files.readString(file(KEY));
    Files.writeString(file(KEY), text.replace("\"ann\"", "\"bob\""));
    assertThat(store.list("shop", null, 10)).extracting(GrantSummary::key).containsExactly(OTHER);
    assertThat(token(KEY)).as("the line is for lists alone").isEqualTo("first");
    Files.writeString(file(KEY), "");
    assertThat(store.list("shop", null, 10)).extracting(GrantSummary::key).containsExactly(OTHER);
  }
}
