package dev.everbearer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The documents for people. */
final class Documents {

  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> AT_THE_ROOT =
      List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md");

  private Documents() {}

  /** All of them. */
  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      Stream<Path> pages = docs.filter(page -> page.toString().endsWith(".md")).sorted();
      return Stream.concat(AT_THE_ROOT.stream().map(ROOT::resolve), pages).toList();
    }
  }
}
