package dev.everbearer.e2e.keycloak;

import dev.everbearer.client.ClientCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority of our own and what it signed: Keycloak's certificate for {@code
 * localhost}, and client certificates of {@code tls-service} and of a {@code stranger}. They are
 * made by the JDK's keytool and are good for nothing but these tests.
 */
public final class Certificates {

  static final String PASSWORD = "everbearer";

  static final List<List<String>> COMMANDS =
      List.of(
          pair("ca", "CN=Everbearer tests", "-ext", "bc:c", "-ext", "ku:c=keyCertSign"),
          pair("server", "CN=localhost", "-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1"),
          pair("tls-service", "CN=tls-service", "-signer", "ca"),
          pair("stranger", "CN=stranger", "-signer", "ca"));

  private final Path directory;

  Certificates(Path directory) {
    this.directory = directory;
  }

  static void makeIn(Path directory) throws IOException {
    for (List<String> command : COMMANDS) {
      keytool(directory, command);
    }
    Certificates made = new Certificates(directory);
    try {
      write(made.only("server"), made.serverKey());
      write(made.authority(), made.trusted());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Trusts Keycloak's certificate and shows none. */
  public SSLContext trusting() {
    return context(null);
  }

  /** Trusts Keycloak's certificate and shows that of {@code tls-service} or {@code stranger}. */
  public SSLContext showing(String client) {
    return context(client);
  }

  /** That of {@code tls-service} or {@code stranger}, as the library takes it. */
  public ClientCertificate clientCertificate(String client) {
    try {
      KeyStore one = only(client);
      return ClientCertificate.of(
          (PrivateKey) one.getKey(client, PASSWORD.toCharArray()),
          (X509Certificate) one.getCertificate(client));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority that signed Keycloak's certificate. */
  public KeyStore authorities() {
    try {
      return authority();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Path serverKey() {
    return directory.resolve("server.p12");
  }

  Path trusted() {
    return directory.resolve("ca.p12");
  }

  private SSLContext context(String client) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authority());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(client == null ? null : keys(client), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyManager[] keys(String alias) throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(only(alias), PASSWORD.toCharArray());
    return keys.getKeyManagers();
  }

  private KeyStore only(String alias) throws GeneralSecurityException {
    PasswordProtection password = new PasswordProtection(PASSWORD.toCharArray());
    KeyStore one = empty();
    one.setEntry(alias, all().getEntry(alias, password), password);
    return one;
  }

  private KeyStore authority() throws GeneralSecurityException {
    KeyStore one = empty();
    one.setCertificateEntry("ca", all().getCertificate("ca"));
    return one;
  }

  private KeyStore all() throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(directory.resolve("all.p12"))) {
      KeyStore all = KeyStore.getInstance("PKCS12");
      all.load(in, PASSWORD.toCharArray());
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException {
    try {
      KeyStore empty = KeyStore.getInstance("PKCS12");
      empty.load(null, null);
      return empty;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(KeyStore store, Path file)
      throws IOException, GeneralSecurityException {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
  }

  private static List<String> pair(String alias, String name, String... more) {
    List<String> options = new ArrayList<>(List.of("-genkeypair", "-alias", alias));
    options.addAll(List.of("-dname", name, "-keyalg", "EC", "-groupname", "secp256r1"));
    options.addAll(List.of("-validity", "3650", "-keystore", "all.p12", "-storetype", "PKCS12"));
    options.addAll(List.of("-storepass", PASSWORD));
    options.addAll(List.of(more));
    return options;
  }

  private static void keytool(Path directory, List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(options);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("keytool.log").toFile()))
            .start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("keytool failed; see " + directory.resolve("keytool.log"));
    }
  }
}
