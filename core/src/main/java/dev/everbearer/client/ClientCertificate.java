package dev.everbearer.client;

import dev.everbearer.jose.PemReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate and private key by which a client names itself inside TLS (RFC 8705). What comes
 * from files is read again when a file has changed, so that certificates can be renewed under a
 * running program. Thread-safe; shows no key.
 */
public final class ClientCertificate {

  private final String name;
  private final Supplier<TlsIdentity> current;
  private volatile @Nullable TlsIdentity newest;
  private volatile @Nullable TlsIdentity beforeNewest;

  private ClientCertificate(String name, Supplier<TlsIdentity> current) {
    this.name = name;
    this.current = current;
  }

  /**
   * From a PEM file with the certificate chain, the client's own first, and one with the private
   * key in PKCS#8 form; both may be the same file.
   *
   * @throws IllegalArgumentException if a file holds nothing of the kind
   * @throws UncheckedIOException if a file cannot be read
   */
  public static ClientCertificate fromPem(Path chain, Path key) {
    return ofFiles(List.of(chain, key), () -> readPem(chain, key));
  }

  /**
   * From a PKCS#12 file: its first entry with a private key.
   *
   * @param password of the store and its key; kept, to read the file again when it has changed
   * @throws IllegalArgumentException if the store cannot be opened or holds no private key
   * @throws UncheckedIOException if the file cannot be read
   */
  public static ClientCertificate fromPkcs12(Path file, char[] password) {
    char[] kept = password.clone();
    return ofFiles(List.of(file), () -> readPkcs12(file, kept));
  }

  /**
   * A key and a chain that never change.
   *
   * @param chain the client's own certificate first
   * @throws IllegalArgumentException if the chain is empty
   */
  public static ClientCertificate of(PrivateKey key, X509Certificate... chain) {
    TlsIdentity identity = new TlsIdentity(key, Arrays.asList(chain));
    return new ClientCertificate(identity.toString(), () -> identity);
  }

  private static ClientCertificate ofFiles(List<Path> files, Supplier<TlsIdentity> reader) {
    return new ClientCertificate(files.toString(), new Reloading(files, reader));
  }

  private static TlsIdentity readPem(Path chain, Path key) {
    String certificates = text(chain);
    PrivateKey privateKey = PemReader.read(text(key)).privateKey();
    return new TlsIdentity(privateKey, x509(certificates, chain));
  }

  private static List<X509Certificate> x509(String pem, Path file) {
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(onlyCertificates(pem).getBytes(StandardCharsets.UTF_8)));
      List<X509Certificate> chain = new ArrayList<>();
      found.forEach(each -> chain.add((X509Certificate) each));
      if (chain.isEmpty()) {
        throw new IllegalArgumentException("The file " + file + " holds no certificate.");
      }
      return chain;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "The certificates in the file " + file + " cannot be read.", e);
    }
  }

  /** The platform reads nothing else beside certificates. */
  private static String onlyCertificates(String pem) {
    StringBuilder blocks = new StringBuilder();
    String begin = "-----BEGIN CERTIFICATE-----";
    String end = "-----END CERTIFICATE-----";
    for (int from = pem.indexOf(begin); from >= 0; from = pem.indexOf(begin, from + 1)) {
      int to = pem.indexOf(end, from);
      if (to > 0) {
        blocks.append(pem, from, to + end.length()).append('\n');
      }
    }
    return blocks.toString();
  }

  private static TlsIdentity readPkcs12(Path file, char[] password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(Files.readAllBytes(file)), password);
      for (String alias : Collections.list(store.aliases())) {
        Key key = store.getKey(alias, password);
        if (key instanceof PrivateKey privateKey) {
          return new TlsIdentity(privateKey, chainOf(store, alias));
        }
      }
      throw new IllegalArgumentException("The store " + file + " holds no private key.");
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "The store "
              + file
              + " cannot be opened: it is not there, it is no PKCS#12, or the password is wrong.");
    }
  }

  private static List<X509Certificate> chainOf(KeyStore store, String alias)
      throws GeneralSecurityException {
    return Arrays.stream(store.getCertificateChain(alias))
        .map(X509Certificate.class::cast)
        .toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be read.", e);
    }
  }

  /** Reads again when a file is another than the last time; a half-written one is left alone. */
  private static final class Reloading implements Supplier<TlsIdentity> {

    private record Read(List<FileTime> times, TlsIdentity identity) {}

    private static final System.Logger LOG = System.getLogger("dev.everbearer.client");

    private final List<Path> files;
    private final Supplier<TlsIdentity> reader;
    private volatile Read last;

    Reloading(List<Path> files, Supplier<TlsIdentity> reader) {
      this.files = files;
      this.reader = reader;
      this.last = new Read(times(), reader.get());
    }

    private List<FileTime> times() {
      List<FileTime> times = new ArrayList<>();
      for (Path file : files) {
        times.add(time(file));
      }
      return times;
    }

    private static FileTime time(Path file) {
      try {
        return Files.getLastModifiedTime(file);
      } catch (IOException e) {
        return FileTime.fromMillis(0);
      }
    }

    @Override
    public TlsIdentity get() {
      Read known = last;
      List<FileTime> times = times();
      if (times.equals(known.times())) {
        return known.identity();
      }
      TlsIdentity read = tryRead();
      TlsIdentity identity = read == null ? known.identity() : read;
      last = new Read(times, identity);
      return identity;
    }

    private @Nullable TlsIdentity tryRead() {
      try {
        return reader.get();
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "The client certificate in {0} has changed and cannot be read ({1}). The one before"
                + " stays in use.",
            files,
            e.getMessage());
        return null;
      }
    }
  }

  /**
   * Shows the certificate in a TLS context of your own.
   *
   * @param mayBeShown to which hosts, as they stand in the URL; to all others none is shown
   */
  public X509ExtendedKeyManager keyManager(Predicate<String> mayBeShown) {
    return new ShownCertificate(this, mayBeShown);
  }

  /** The {@code x5t#S256} of the certificate as it is now (RFC 8705 section 3.1). */
  public String thumbprint() {
    return current().thumbprint();
  }

  TlsIdentity current() {
    TlsIdentity identity = current.get();
    TlsIdentity last = newest;
    if (!identity.equals(last)) {
      beforeNewest = last;
      newest = identity;
    }
    return identity;
  }

  /** The certificate of a thumbprint: the newest, or the one before, in a handshake begun then. */
  @Nullable TlsIdentity of(String thumbprint) {
    for (TlsIdentity known : new TlsIdentity[] {newest, beforeNewest}) {
      if (known != null && known.thumbprint().equals(thumbprint)) {
        return known;
      }
    }
    return null;
  }

  /** Where it comes from. */
  @Override
  public String toString() {
    return "ClientCertificate[" + name + "]";
  }
}
