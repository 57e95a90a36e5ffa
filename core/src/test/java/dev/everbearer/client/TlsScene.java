package dev.everbearer.client;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authority, what it signed (made by the JDK's keytool), and TLS servers that ask for it. */
final class TlsScene implements AutoCloseable {

  static final char[] PASSWORD = "everbearer".toCharArray();

  /** Who asked: the name in the client's certificate, empty without one. */
  record Seen(String path, String certificate, String body) {}

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Path directory;
  private final List<HttpsServer> servers = new ArrayList<>();

  /** Makes the certificates in a directory. */
  TlsScene(Path directory) throws IOException {
    this.directory = directory;
    pair("ca", "CN=Authority", "-ext", "bc:c", "-ext", "ku:c=keyCertSign");
    pair("server", "CN=server", "-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1");
    pair("elsewhere", "CN=elsewhere", "-signer", "ca", "-ext", "san=dns:elsewhere.test");
    pair("app", "CN=app", "-signer", "ca");
    pair("renewed", "CN=renewed", "-signer", "ca");
  }

  private void pair(String alias, String name, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", name));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
    command.addAll(List.of("-keystore", "all.p12", "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    command.addAll(Arrays.asList(more));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("keytool failed for " + alias);
    }
  }

  private KeyStore all() throws IOException, GeneralSecurityException {
    return load(directory.resolve("all.p12"));
  }

  private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD);
      return store;
    }
  }

  /** Trusts the authority. */
  KeyStore trust() throws IOException, GeneralSecurityException {
    return trust("ca");
  }

  /** Trusts one certificate. */
  KeyStore trust(String alias) throws IOException, GeneralSecurityException {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry(alias, all().getCertificate(alias));
    return trust;
  }

  /** Writes a PKCS#12 file with one key. */
  void write(String alias, Path file) throws IOException, GeneralSecurityException {
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(
        alias, all().getKey(alias, PASSWORD), PASSWORD, all().getCertificateChain(alias));
    try (OutputStream out = Files.newOutputStream(file)) {
      one.store(out, PASSWORD);
    }
  }

  /** A server that asks every client for a certificate, and takes them without, too. */
  int serve(String alias, Function<Seen, String> answer)
      throws IOException, GeneralSecurityException {
    Path own = directory.resolve(alias + ".p12");
    write(alias, own);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(load(own), PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trust());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext("/", exchange -> handle((HttpsExchange) exchange, answer));
    server.start();
    servers.add(server);
    return server.getAddress().getPort();
  }

  private void handle(HttpsExchange exchange, Function<Seen, String> answer) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Seen request = new Seen(exchange.getRequestURI().getPath(), certificate(exchange), body);
    seen.add(request);
    byte[] json = answer.apply(request).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, json.length);
    exchange.getResponseBody().write(json);
    exchange.close();
  }

  private static String certificate(HttpsExchange exchange) {
    try {
      X509Certificate shown = (X509Certificate) exchange.getSSLSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "";
    }
  }

  /** The last request to a path; null when there was none. */
  @Nullable Seen last(String path) {
    return seen.stream()
        .filter(each -> each.path().equals(path))
        .reduce((first, second) -> second)
        .orElse(null);
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
  }
}
