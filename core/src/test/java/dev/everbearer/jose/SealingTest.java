package dev.everbearer.jose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectEncrypter;
import dev.everbearer.jose.Sealing.Place;
import dev.everbearer.jose.Sealing.SealBrokenException;
import dev.everbearer.testing.Spec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept at rest opens in its own place, unchanged, or not at all. */
@Spec("DR-04")
class SealingTest {

  private static final Place PLACE = new Place("grant", "ann");
  private static final byte[] CONTENT = "the content".getBytes(UTF_8);

  private final Sealing.Key first = key("1", 1);
  private final Sealing.Key second = key("2", 2);
  private final Sealing sealing = new Sealing(() -> List.of(first));

  private static Sealing.Key key(String id, int seed) {
    byte[] bytes = new byte[Sealing.KEY_BITS / 8];
    Arrays.fill(bytes, (byte) seed);
    return new Sealing.Key(id, new SecretKeySpec(bytes, "AES"));
  }

  private static void refuses(Sealing sealing, String sealed, Place place, String why) {
    assertThatThrownBy(() -> sealing.open(sealed, place))
        .isInstanceOf(SealBrokenException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("the content");
  }

  @Test
  void anEntryOpensInItsPlaceWithItsVersion() throws Exception {
    String sealed = sealing.seal(CONTENT, PLACE, 7);
    Sealing.Opened opened = sealing.open(sealed, new Place("grant", "ann"));
    assertThat(opened.content()).isEqualTo(CONTENT);
    assertThat(opened.version()).isEqualTo(7);
    assertThat(sealing.seal(CONTENT, PLACE, 7)).isNotEqualTo(sealed);
  }

  @Test
  void theHeaderHasTheKeyIdAndTellsNothingElse() throws Exception {
    JWEHeader header = JWEObject.parse(sealing.seal(CONTENT, PLACE, 0)).getHeader();
    assertThat(header.getAlgorithm()).isEqualTo(JWEAlgorithm.DIR);
    assertThat(header.getEncryptionMethod()).isEqualTo(EncryptionMethod.A256GCM);
    assertThat(header.getKeyID()).isEqualTo("1");
    assertThat(header.toString()).doesNotContain("ann");
  }

  @Test
  void anEntryDoesNotOpenInThePlaceOfAnother() {
    String sealed = sealing.seal(CONTENT, PLACE, 1);
    refuses(sealing, sealed, new Place("grant", "bob"), "another entry");
    refuses(sealing, sealed, new Place("registration", "ann"), "another entry");
  }

  @Test
  void theHeaderOfAnotherEntryDoesNotHelp() {
    String ann = sealing.seal(CONTENT, PLACE, 1);
    String bob = sealing.seal(CONTENT, new Place("grant", "bob"), 1);
    String forged = ann.substring(0, ann.indexOf('.')) + bob.substring(bob.indexOf('.'));
    refuses(sealing, forged, PLACE, "changed");
    String older = sealing.seal(CONTENT, PLACE, 0);
    String replayed = ann.substring(0, ann.indexOf('.')) + older.substring(older.indexOf('.'));
    refuses(sealing, replayed, PLACE, "changed");
  }

  @Test
  void theNewestKeySealsAndOlderOnesStillOpen() throws Exception {
    String old = sealing.seal(CONTENT, PLACE, 1);
    Sealing both = new Sealing(() -> List.of(second, first));
    assertThat(both.open(old, PLACE).content()).isEqualTo(CONTENT);
    String fresh = both.seal(CONTENT, PLACE, 2);
    assertThat(new Sealing(() -> List.of(second)).open(fresh, PLACE).version()).isEqualTo(2);
    refuses(sealing, fresh, PLACE, "not among those given");
    refuses(new Sealing(() -> List.of(key("1", 9))), old, PLACE, "not the one that sealed it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "a.b.c", "a.b.c.d.e", "e30..A.A.A", "e30.....", "\u0000"})
  void whatIsNotSealedDoesNotOpen(String text) {
    refuses(sealing, text, PLACE, "it is not");
  }

  @Test
  void otherWaysToEncryptAreNotTaken() throws Exception {
    JWEObject plain =
        new JWEObject(
            new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM).keyID("1").build(),
            new Payload(CONTENT));
    plain.encrypt(new DirectEncrypter(first.secret()));
    refuses(sealing, plain.serialize(), PLACE, "not sealed as everything here is");
  }

  @Test
  void aChangedByteIsNoticed() {
    String sealed = sealing.seal(CONTENT, PLACE, 1);
    int at = sealed.lastIndexOf('.') - 3;
    char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
    refuses(sealing, sealed.substring(0, at) + other + sealed.substring(at + 1), PLACE, "changed");
  }

  @Test
  void noKeyIsPrinted() {
    assertThat(first.toString()).isEqualTo("Key[1]");
  }

  @Test
  void withoutAKeyNothingIsSealed() {
    assertThatThrownBy(() -> new Sealing(List::of).seal(CONTENT, PLACE, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no key to encrypt by");
    refuses(new Sealing(List::of), sealing.seal(CONTENT, PLACE, 1), PLACE, "not among those given");
  }
}
