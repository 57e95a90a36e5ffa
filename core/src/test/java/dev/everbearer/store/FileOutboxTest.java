package dev.everbearer.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.CapturedLogs;
import dev.everbearer.store.internal.PrivateFiles;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers on disk: what does not open, and where none can be kept. */
class FileOutboxTest {

  private static final GrantKey KEY = new GrantKey("shop", "refresh_token", "canary-ann");
  private static final GrantKey OTHER = new GrantKey("shop", "refresh_token", "canary-bob");

  @TempDir private Path temporary;
  private Path directory;
  private KeyFile keys;
  private Path owner;

  @BeforeEach
  void keepTwo() {
    directory = temporary.resolve("outbox");
    keys = KeyFile.at(temporary.resolve("keys/store.jwks"));
    try (Outbox outbox = Outbox.in(directory, keys)) {
      outbox.put(KEY, record("canary-ann"));
      outbox.put(OTHER, record("canary-bob"));
      owner = directory.resolve(outbox.owner());
    }
  }

  private static GrantRecord record(String token) {
    return GrantRecord.absent()
        .next()
        .refreshToken(
            Secret.of(token), new ServerIdentity(null, URI.create("https://id.test/token")))
        .build();
  }

  private Path file(GrantKey key) {
    return owner.resolve(key.digest() + ".jwe");
  }

  private List<String> kept() {
    return kept(keys);
  }

  private List<String> kept(StoreKeys by) {
    try (Outbox outbox = Outbox.in(directory, by)) {
      List<Outbox> all = new ArrayList<>(outbox.orphans());
      all.add(outbox);
      List<String> kept =
          all.stream()
              .flatMap(each -> each.uncommitted().values().stream())
              .flatMap(each -> each.refreshToken().stream())
              .map(Secret::reveal)
              .sorted()
              .toList();
      all.forEach(Outbox::close);
      return kept;
    }
  }

  private void isSetAside(byte[] broken, int number) throws IOException {
    PrivateFiles.replaceAlone(file(KEY), broken);
    Path aside = owner.resolve(file(KEY).getFileName() + ".corrupt-" + number);
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.store")) {
      assertThat(kept()).as("the other one is there").containsExactly("canary-bob");
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains(file(KEY).toString(), aside.toString())
          .doesNotContain("canary");
    }
    assertThat(aside).hasBinaryContent(broken);
  }

  @Test
  @Spec("SE-41")
  void aDumpShowsNeitherWhoseAnAnswerIsNorWhat() throws Exception {
    assertThat(kept()).containsExactly("canary-ann", "canary-bob");
    assertThat(Files.readString(file(KEY), ISO_8859_1)).doesNotContain("canary", "shop");
  }

  @Test
  @Spec("LC-64")
  void aBrokenAnswerIsSetAsideAndTold() throws Exception {
    byte[] whole = Files.readAllBytes(file(KEY));
    isSetAside(new byte[0], 1);
    isSetAside(Arrays.copyOf(whole, whole.length / 3), 2);
    isSetAside(Arrays.copyOf(whole, whole.length - 9), 3);
    isSetAside((new String(whole, ISO_8859_1) + "\n").getBytes(ISO_8859_1), 4);
  }

  @Test
  @Spec("SE-41")
  void anotherGrantsAnswerDoesNotOpen() throws Exception {
    isSetAside(Files.readAllBytes(file(OTHER)), 1);
  }

  @Test
  @Spec("SE-41")
  void theKeyOfOneAnswerDoesNotOpenAnOlderOne() throws Exception {
    String older = Files.readString(file(KEY));
    try (Outbox outbox = Outbox.in(directory, keys)) {
      outbox.put(KEY, record("canary-ann").next().build());
    }
    String newer = Files.readString(file(KEY));
    String mixed = newer.substring(0, newer.indexOf('\n')) + older.substring(older.indexOf('\n'));
    isSetAside(mixed.getBytes(ISO_8859_1), 1);
  }

  @Test
  @Spec("SE-41")
  void anAnswerOfAnotherOwnerDoesNotOpen() throws Exception {
    Outbox first = Outbox.in(directory, keys);
    try (Outbox second = Outbox.in(directory, keys)) {
      second.put(KEY, record("second"));
      first.close();
      Path file = directory.resolve(second.owner()).resolve(file(KEY).getFileName());
      isSetAside(Files.readAllBytes(file), 1);
    }
  }

  @Test
  @Spec("SE-41")
  void theNewestKeyWritesAndOlderOnesRead() {
    StoreKey added = keys.rotate();
    assertThat(kept()).hasSize(2);
    try (Outbox outbox = Outbox.in(directory, keys)) {
      outbox.put(KEY, record("canary-ann"));
      outbox.remove(OTHER);
    }
    assertThat(kept(StoreKeys.of(added))).containsExactly("canary-ann");
  }

  @Test
  @Spec("LC-64")
  void whereTheKeyIsMissingAllIsLeftAsItIsAndAnotherOutboxIsUsed() throws Exception {
    byte[] before = Files.readAllBytes(file(KEY));
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.store");
        Outbox outbox = Outbox.in(directory, StoreKeys.of(StoreKey.generate()))) {
      assertThat(outbox.owner()).isNotEqualTo(owner.getFileName().toString());
      assertThat(outbox.orphans()).isEmpty();
      assertThat(logs.messages(Level.WARNING))
          .isNotEmpty()
          .allMatch(each -> each.contains(owner.toString()) && each.contains("restore the key"));
    }
    assertThat(file(KEY)).hasBinaryContent(before);
    assertThat(kept()).containsExactly("canary-ann", "canary-bob");
  }

  @Test
  @Spec("SE-41")
  void plainTextIsKeptByAnExplicitWishAndWithAWarning() throws Exception {
    Path plain = temporary.resolve("plain");
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.store")) {
      try (Outbox outbox = Outbox.in(plain, StoreKeys.plainText())) {
        outbox.put(KEY, record("shown-é"));
      }
      assertThat(logs.messages(Level.WARNING)).singleElement().asString().contains("plain text");
      try (Outbox next = Outbox.in(plain, StoreKeys.plainText())) {
        assertThat(next.uncommitted()).containsOnlyKeys(KEY);
      }
    }
  }

  // ---- where none can be kept

  @Test
  void anOutboxThatCannotBeMadeSaysWhereAndWhatToDo() throws Exception {
    Path inTheWay = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> Outbox.in(inTheWay.resolve("outbox"), keys))
        .isInstanceOf(OAuthException.class)
        .hasMessageContainingAll(inTheWay.toString(), "cannot be made", "set another directory");
  }

  @Test
  void anAnswerThatCannotBeWrittenIsToldAndKeptInMemoryAndTheOneBeforeStaysOnTheDisk()
      throws Exception {
    try (Outbox outbox = Outbox.in(directory, keys)) {
      Path inTheWay = Files.createDirectory(owner.resolve("." + file(KEY).getFileName() + ".tmp"));
      Files.createFile(inTheWay.resolve("file"));
      GrantRecord next = record("never").next().build();
      assertThatThrownBy(() -> outbox.put(KEY, next))
          .isInstanceOf(OAuthException.class)
          .hasMessageContainingAll(file(KEY).toString(), "cannot be written");
      assertThat(outbox.uncommitted().get(KEY).version()).isEqualTo(2);
    }
    try (Outbox after = Outbox.in(directory, keys)) {
      assertThat(after.uncommitted().get(KEY).version()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptedThreadKeepsItsAnswerAllTheSame() {
    try (Outbox outbox = Outbox.in(directory, keys)) {
      Thread.currentThread().interrupt();
      outbox.put(KEY, record("kept"));
      assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    }
    assertThat(kept()).contains("kept");
  }
}
