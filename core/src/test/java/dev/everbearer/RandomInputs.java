package dev.everbearer;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random inputs, the same in every run. */
public final class RandomInputs {

  private static final String ALGORITHM = "L64X128MixRandom";

  private RandomInputs() {}

  /** As many generators, each of which begins elsewhere. */
  public static Stream<RandomGenerator> generators(int count) {
    RandomGeneratorFactory<RandomGenerator> factory = RandomGeneratorFactory.of(ALGORITHM);
    return IntStream.range(0, count).mapToObj(factory::create);
  }

  /** A text of up to as many of the pieces. */
  public static String ofPieces(RandomGenerator random, int most, List<String> pieces) {
    return random
        .ints(random.nextInt(most + 1), 0, pieces.size())
        .mapToObj(pieces::get)
        .collect(Collectors.joining());
  }

  /** A text of one to as many characters, from all of Unicode but for halves of characters. */
  public static String unicode(RandomGenerator random, int most) {
    return random
        .ints(random.nextInt(1, most + 1), 0, Character.MAX_CODE_POINT + 1)
        .map(c -> Character.getType(c) == Character.SURROGATE ? '&' : c)
        .mapToObj(c -> Character.toString(random.nextBoolean() ? c : c % 0x80))
        .collect(Collectors.joining());
  }

  /** Up to as many characters of any kind, halves of characters among them. */
  public static String anyText(RandomGenerator random, int most) {
    return random
        .ints(random.nextInt(most + 1), 0, Character.MAX_VALUE + 1)
        .mapToObj(c -> String.valueOf((char) (random.nextBoolean() ? c : c % 0x80)))
        .collect(Collectors.joining());
  }

  /** Up to as many bytes. */
  public static byte[] bytes(RandomGenerator random, int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    return bytes;
  }
}
