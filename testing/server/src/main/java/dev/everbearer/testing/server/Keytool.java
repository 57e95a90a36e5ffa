package dev.everbearer.testing.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Makes key stores by the JDK's {@code keytool}, in a directory that is gone afterwards. */
final class Keytool implements AutoCloseable {

  static final String ALIAS = "identity";
  static final char[] PASSWORD = "changeit".toCharArray();

  private static final String ISSUER = "issuer";

  private final Path directory;

  private Keytool(Path directory) {
    this.directory = directory;
  }

  /**
   * A key with a self-signed certificate of the next thirty days.
   *
   * @param extensions such as {@code san=dns:localhost}
   */
  static KeyStore selfSigned(String distinguishedName, String... extensions) {
    return make(tool -> tool.generate(ALIAS, distinguishedName, extensions));
  }

  /** A key with a certificate that is over since yesterday, of an issuer that is not over. */
  static KeyStore issuedAndExpired(String distinguishedName, String... extensions) {
    return make(
        tool -> {
          tool.generate(ISSUER, "CN=issuer", "bc:c");
          tool.generate(ALIAS, distinguishedName);
          tool.run("-certreq", "-alias", ALIAS, "-file", tool.file("request"));
          List<String> sign = new ArrayList<>(List.of("-gencert", "-alias", ISSUER));
          sign.addAll(List.of("-startdate", "-10d", "-validity", "9"));
          sign.addAll(List.of("-infile", tool.file("request"), "-outfile", tool.file("answer")));
          sign.addAll(extensions(extensions));
          tool.run(sign.toArray(new String[0]));
          tool.run("-importcert", "-noprompt", "-alias", ALIAS, "-file", tool.file("answer"));
        });
  }

  /** What is done with the tool. */
  @FunctionalInterface
  private interface Work {
    void with(Keytool tool) throws IOException;
  }

  private static KeyStore make(Work work) {
    try (Keytool tool = new Keytool(Files.createTempDirectory("everbearer-keytool"))) {
      work.with(tool);
      return tool.load();
    } catch (IOException e) {
      throw new UncheckedIOException("The JDK's keytool makes no certificate", e);
    }
  }

  private void generate(String alias, String name, String... extensions) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", alias));
    arguments.addAll(List.of("-dname", name, "-keyalg", "EC", "-groupname", "secp256r1"));
    arguments.addAll(List.of("-startdate", "-1d", "-validity", "31"));
    arguments.addAll(extensions(extensions));
    run(arguments.toArray(new String[0]));
  }

  private static List<String> extensions(String... extensions) {
    return Arrays.stream(extensions).flatMap(each -> Stream.of("-ext", each)).toList();
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private void run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", new String(PASSWORD)));
    command.addAll(List.of("-keystore", file("store")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    byte[] said = process.getInputStream().readAllBytes();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + new String(said, StandardCharsets.UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }

  private KeyStore load() throws IOException {
    try (InputStream in = Files.newInputStream(directory.resolve("store"))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD);
      if (store.containsAlias(ISSUER)) {
        store.deleteEntry(ISSUER);
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException("The key store cannot be read", e);
    }
  }

  @Override
  public void close() throws IOException {
    for (String name : List.of("store", "request", "answer")) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.deleteIfExists(directory);
  }
}
