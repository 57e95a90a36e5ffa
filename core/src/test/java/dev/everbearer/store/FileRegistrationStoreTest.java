package dev.everbearer.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everbearer.CapturedLogs;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.jose.Sealing;
import dev.everbearer.store.internal.PrivateFiles;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registrations on disk: encrypted, each in its place, and never half written. */
@Spec("DR-04")
class FileRegistrationStoreTest {

  private static final String ISSUER = "https://id.example";
  private static final String OTHER = "https://other.example";

  @TempDir private Path temporary;
  private Path directory;
  private KeyFile keys;
  private FileRegistrationStore store;

  @BeforeEach
  void open() {
    directory = temporary.resolve("everbearer/registrations");
    keys = KeyFile.at(temporary.resolve("keys/store.jwks"));
    store = FileRegistrationStore.at(directory, keys);
  }

  private static ClientRegistration registration(String issuer) {
    return ClientRegistration.of(
        issuer,
        Map.of(
            "client_id",
            "client-canary",
            "client_secret",
            "secret-canary",
            "registration_access_token",
            "token-canary",
            "registration_client_uri",
            issuer + "/clients/uri-canary"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    }
  }

  private Path onlyFile() throws IOException {
    assertThat(files()).hasSize(1);
    return files().get(0);
  }

  private static void requirePosix() {
    boolean hasModes = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    if (!hasModes) {
      System.out.println("Skipped: this file system has no POSIX modes.");
    }
    assumeTrue(hasModes, "no POSIX modes");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  // ---- keeping

  @Test
  void whatIsKeptIsThereForTheNextProgram() {
    assertThat(store.get(ISSUER)).isEmpty();
    store.put(ISSUER, registration(ISSUER));
    store.put(OTHER, registration(OTHER));
    FileRegistrationStore next = FileRegistrationStore.at(directory, KeyFile.at(keyFile()));
    assertThat(next.get(ISSUER)).contains(registration(ISSUER));
    assertThat(next.get(OTHER)).contains(registration(OTHER));
    next.remove(ISSUER);
    next.remove("https://never.example");
    assertThat(store.get(ISSUER)).isEmpty();
    assertThat(store.get(OTHER)).isPresent();
  }

  private Path keyFile() {
    return temporary.resolve("keys/store.jwks");
  }

  @Test
  void aDumpShowsNoPlainText() throws Exception {
    store.put(ISSUER, registration(ISSUER));
    String dump = Files.readString(onlyFile(), ISO_8859_1) + onlyFile().getFileName();
    assertThat(dump).doesNotContain("canary", "id.example", "client_id");
    assertThat(store.toString()).doesNotContain("canary");
    // The dump is what is stored, and would show it: it opens with the key.
    assertThat(store.get(ISSUER).orElseThrow().clientSecret().orElseThrow().reveal())
        .isEqualTo("secret-canary");
  }

  @Test
  void filesAreForTheirOwnerAlone() throws Exception {
    requirePosix();
    store.put(ISSUER, registration(ISSUER));
    store.put(ISSUER, registration(ISSUER));
    assertThat(mode(onlyFile())).isEqualTo("rw-------");
    assertThat(mode(directory)).isEqualTo("rwx------");
    assertThat(mode(directory.getParent())).isEqualTo("rwx------");
    assertThat(mode(keyFile())).isEqualTo("rw-------");
    assertThat(mode(keyFile().getParent())).isEqualTo("rwx------");
  }

  // ---- what does not open

  private void isLeft(Path file, String why) throws IOException {
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> store.get(ISSUER))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining(ISSUER)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why)
        .hasMessageContaining("restore its key, or delete it");
    assertThat(file).hasBinaryContent(before);
  }

  /** Counts as absent, is told, and is there under another name. */
  private void isSetAside(Path file, byte[] broken, int number, String why) throws IOException {
    Files.write(file, broken);
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.store")) {
      assertThat(store.get(ISSUER)).isEmpty();
      assertThat(store.get(ISSUER)).as("once more").isEmpty();
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains(ISSUER, file.toString(), why, "corrupt-" + number)
          .doesNotContain("canary");
    }
    assertThat(file).doesNotExist();
    assertThat(file.resolveSibling(file.getFileName() + ".corrupt-" + number))
        .hasBinaryContent(broken);
  }

  @Test
  @Spec({"DR-04", "LC-64"})
  void swappedFilesDoNotOpen() throws Exception {
    store.put(ISSUER, registration(ISSUER));
    Path file = onlyFile();
    byte[] ours = Files.readAllBytes(file);
    Files.delete(file);
    store.put(OTHER, registration(OTHER));
    isSetAside(file, Files.readAllBytes(onlyFile()), 1, "another entry");
    Files.write(file, ours);
    assertThat(store.get(ISSUER)).isPresent();
  }

  @Test
  @Spec("LC-64")
  void aBrokenFileIsSetAsideAndToldAndCountsAsAbsent() throws Exception {
    store.put(ISSUER, registration(ISSUER));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    isSetAside(file, new byte[] {(byte) 0xff, 0, 1}, 1, "it is not sealed");
    isSetAside(file, new byte[0], 2, "it is not sealed");
    isSetAside(file, cutInsideAByte(whole), 3, "it is not strict base64url");
    isSetAside(file, Arrays.copyOf(whole, whole.length / 2), 4, "it is not sealed");
    isSetAside(file, sealed("no registration"), 5, "it holds no registration");
    store.put(ISSUER, registration(ISSUER));
    assertThat(store.get(ISSUER)).contains(registration(ISSUER));
    assertThat(files()).hasSize(6);
  }

  /** The tag's 22 characters less 9: no base64url has a length of 13, whatever they are. */
  private static byte[] cutInsideAByte(byte[] sealed) {
    return Arrays.copyOf(sealed, sealed.length - 9);
  }

  /** By the right key, for the right place: as another version of this might write it. */
  private byte[] sealed(String content) {
    StoreKey key = keys.keys().get(0);
    return new Sealing(() -> List.of(new Sealing.Key(key.id(), key.key())))
        .seal(content.getBytes(UTF_8), new Sealing.Place("client registration", ISSUER), 0)
        .getBytes(ISO_8859_1);
  }

  @Test
  @Spec("LC-64")
  void whicheverByteIsFlippedNothingIsOpenedAndNothingIsLost() throws Exception {
    store.put(ISSUER, registration(ISSUER));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    int setAside = 0;
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(file, flipped);
      try {
        assertThat(store.get(ISSUER)).as("byte " + at).isEmpty();
        Path aside = file.resolveSibling(file.getFileName() + ".corrupt-1");
        assertThat(aside).hasBinaryContent(flipped);
        Files.delete(aside);
        setAside++;
      } catch (OAuthException e) {
        assertThat(e).as("byte " + at).hasMessageContaining("a key that is not among those given");
        assertThat(file).hasBinaryContent(flipped);
      }
    }
    assertThat(setAside).as("all but the bytes of the key id").isGreaterThan(whole.length - 60);
  }

  @Test
  @Spec("LC-64")
  void aFileThatSomebodyReplacedMeanwhileIsNotSetAside() throws Exception {
    store.put(ISSUER, registration(ISSUER));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    assertThat(PrivateFiles.setAside(file, new byte[1])).isNull();
    assertThat(onlyFile()).hasBinaryContent(whole);
    Files.delete(file);
    assertThat(PrivateFiles.setAside(file, whole)).isNull();
    assertThat(files()).isEmpty();
  }

  @Test
  void aWriteThatFailsLeavesWhatWas() throws Exception {
    store.put(ISSUER, registration(ISSUER));
    Path file = onlyFile();
    byte[] before = Files.readAllBytes(file);
    FileRegistrationStore without =
        FileRegistrationStore.at(
            directory,
            () -> {
              throw new IllegalStateException("no key today");
            });
    assertThatThrownBy(() -> without.put(ISSUER, registration(OTHER)))
        .hasMessageContaining("no key today");
    assertThat(onlyFile()).hasBinaryContent(before);
  }

  // ---- keys

  @Test
  void theNewestKeyWritesAndOlderOnesRead() throws Exception {
    store.put(ISSUER, registration(ISSUER));
    String before = Files.readString(onlyFile());
    StoreKey added = keys.rotate();
    assertThat(keys.keys()).hasSize(2).first().isEqualTo(added);
    assertThat(store.get(ISSUER)).isPresent();
    assertThat(Files.readString(onlyFile())).isEqualTo(before);
    store.put(ISSUER, registration(ISSUER));
    StoreKeys newest = StoreKeys.of(added);
    assertThat(FileRegistrationStore.at(directory, newest).get(ISSUER)).isPresent();
    Files.writeString(onlyFile(), before);
    store = FileRegistrationStore.at(directory, newest);
    isLeft(onlyFile(), "a key that is not among those given");
  }

  @Test
  void aKeyOfYoursIsTakenUnlessItIsTooShort() {
    StoreKey key = StoreKey.generate();
    FileRegistrationStore.at(directory, () -> List.of(key)).put(ISSUER, registration(ISSUER));
    StoreKeys both = StoreKeys.of(StoreKey.generate(), StoreKey.of(key.id(), key.key()));
    assertThat(FileRegistrationStore.at(directory, both).get(ISSUER)).isPresent();
    assertThat(key.toString()).isEqualTo("StoreKey[" + key.id() + "]");
    assertThatThrownBy(
            () -> StoreKey.of("k", new javax.crypto.spec.SecretKeySpec(new byte[16], "AES")))
        .hasMessageContaining("256 bits");
  }

  @Test
  void aKeyFileThatOthersMayReadIsNotUsed() throws Exception {
    requirePosix();
    assertThat(keys.keys()).hasSize(1);
    Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(keys::keys).hasMessageContaining("chmod 600");
  }

  @Test
  void aBrokenKeyFileIsToldAndNotReplaced() throws Exception {
    store.put(ISSUER, registration(ISSUER));
    for (String broken : List.of("", "{}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\"}]}")) {
      Files.writeString(keyFile(), broken);
      assertThatThrownBy(() -> store.get(ISSUER))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("is no JWK set");
      assertThatThrownBy(() -> store.put(ISSUER, registration(ISSUER)))
          .isInstanceOf(OAuthException.class);
      assertThat(keyFile()).hasContent(broken);
    }
  }

  @Test
  void ofManyWhoMakeTheKeyFileAtOnceAllHaveOneKey() {
    List<StoreKey> seen =
        Stream.generate(() -> KeyFile.at(keyFile()))
            .limit(16)
            .parallel()
            .map(each -> each.keys().get(0))
            .distinct()
            .toList();
    assertThat(seen).hasSize(1);
    assertThat(keyFile().getParent().toFile().list()).containsExactly("store.jwks");
  }
}
