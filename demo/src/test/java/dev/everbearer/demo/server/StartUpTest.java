package dev.everbearer.demo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartUpTest {

  @Test
  void startsAloneAndPrintsNothingOfItsOwn(@TempDir Path folder) throws Exception {
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    Process process = probe().redirectOutput(out).redirectError(err).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(out.toPath());
    lines.forEach(line -> System.out.println("Demo servers, fresh process: " + line));
    assertThat(Files.readString(err.toPath())).isEmpty();
    assertThat(lines).singleElement().asString().contains("first call answered 200");
    assertThat(process.exitValue()).isZero();
  }

  private static ProcessBuilder probe() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
        java.toString(),
        "-cp",
        System.getProperty("java.class.path"),
        StartUpProbe.class.getName());
  }
}
