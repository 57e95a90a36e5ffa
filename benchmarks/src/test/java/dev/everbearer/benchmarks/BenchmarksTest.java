package dev.everbearer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.benchmarks.clients.Peer;
import dev.everbearer.benchmarks.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every part runs, for a moment and with every client; how fast is nothing that is asserted. */
class BenchmarksTest {

  @TempDir Path folder;

  @BeforeAll
  static void letOthersMeasureBeside() {
    System.setProperty("jmh.ignoreLock", "true");
    System.setProperty("java.awt.headless", "true");
    System.setProperty("jol.magicFieldOffset", "true");
  }

  static Set<String> parts() {
    return Benchmarks.PARTS.keySet();
  }

  @ParameterizedTest
  @MethodSource("parts")
  void aPartWritesItsPageWithAllItsClientsAndAChart(String part) throws Exception {
    Benchmarks.measure(List.of(part), TinyScale.MOMENT, new Report(folder));
    assertThat(folder.resolve(part + ".md"))
        .content()
        .contains("|---|", "](" + part + ".svg)", "Measured 2")
        .doesNotContain("${");
    assertThat(Files.readString(folder.resolve(part + ".svg"))).contains("<svg", "</svg>");
    if (Set.of("look-up", "faults", "load").contains(part)) {
      Arrays.stream(Peer.values())
          .forEach(
              peer -> assertThat(folder.resolve(part + ".md")).content().contains(peer.title()));
    }
  }

  @Test
  void theIndexLeadsToThePagesThatAreThereWithTheirFindings() throws Exception {
    Benchmarks.measure(List.of("calls"), TinyScale.MOMENT, new Report(folder));
    String finding = Files.readAllLines(folder.resolve("calls.md")).get(2);
    assertThat(folder.resolve("README.md"))
        .content()
        .contains("(calls.md)", finding)
        .doesNotContain("(faults.md)");
  }
}
