package dev.everbearer.store;

import dev.everbearer.client.ClientRegistration;
import dev.everbearer.jose.Sealing;
import dev.everbearer.jose.Sealing.KeyMissingException;
import dev.everbearer.jose.Sealing.SealBrokenException;
import dev.everbearer.jose.Sha256;
import dev.everbearer.store.internal.PrivateFiles;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps registrations in a directory, each in a file of its own that is encrypted (a JWE of {@code
 * dir} and A256GCM) and replaced as a whole. Files have mode 0600, directories that are made 0700.
 * Not even the issuer can be read from a file or its name, and one that is put in the place of
 * another does not open. An entry that is broken is set aside, as {@code NAME.corrupt-N}, with a
 * warning, and counts as absent. Thread-safe; of several programs the last that writes wins.
 */
public final class FileRegistrationStore implements RegistrationStore {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store");
  private static final String PURPOSE = "client registration";
  private static final String KEY =
      "It is left as it is; restore its key, or delete it to register anew";

  private final Path directory;
  private final Sealing sealing;

  private FileRegistrationStore(Path directory, Sealing sealing) {
    this.directory = directory.toAbsolutePath();
    this.sealing = sealing;
  }

  /**
   * A store in a directory, which is made with the first registration.
   *
   * @param keys encrypt, such as {@link KeyFile#at} of a file elsewhere
   */
  public static FileRegistrationStore at(Path directory, StoreKeys keys) {
    Objects.requireNonNull(keys, "keys");
    return new FileRegistrationStore(
        directory,
        new Sealing(
            () ->
                keys.keys().stream().map(each -> new Sealing.Key(each.id(), each.key())).toList()));
  }

  /**
   * {@inheritDoc}
   *
   * @throws OAuthException when the file was written by a key that is not among the keys, so that
   *     it is whole perhaps, or when it cannot be read, or not be set aside; then it stays as it is
   */
  @Override
  public Optional<ClientRegistration> get(String issuer) {
    Path file = file(issuer);
    try {
      byte[] read = Files.readAllBytes(file);
      try {
        return Optional.of(opened(read, issuer));
      } catch (KeyMissingException e) {
        throw failure(file, issuer, "cannot be opened: %s. ".formatted(e.getMessage()) + KEY, null);
      } catch (SealBrokenException e) {
        return setAside(file, read, issuer, e.getMessage());
      } catch (IllegalArgumentException e) {
        return setAside(file, read, issuer, "it holds no registration");
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(file, issuer, "cannot be read", e);
    }
  }

  private ClientRegistration opened(byte[] sealed, String issuer) throws SealBrokenException {
    byte[] content =
        sealing.open(new String(sealed, StandardCharsets.US_ASCII), place(issuer)).content();
    return ClientRegistration.load(Secret.of(new String(content, StandardCharsets.UTF_8)));
  }

  private Optional<ClientRegistration> setAside(Path file, byte[] read, String issuer, String why)
      throws IOException {
    Path aside = PrivateFiles.setAside(file, read);
    if (aside == null) {
      // Somebody has written another one meanwhile.
      return get(issuer);
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "The registration at {0} in the file {1} is broken: {2}. It is now {3}, and counts as absent,"
            + " so that the client is registered anew. Restore the file if you can.",
        issuer,
        file,
        why,
        aside);
    return Optional.empty();
  }

  @Override
  public void put(String issuer, ClientRegistration registration) {
    byte[] content = registration.save().reveal().getBytes(StandardCharsets.UTF_8);
    String sealed = sealing.seal(content, place(issuer), 0);
    try {
      PrivateFiles.replace(file(issuer), sealed.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw failure(file(issuer), issuer, "cannot be written", e);
    }
  }

  @Override
  public void remove(String issuer) {
    try {
      PrivateFiles.delete(file(issuer));
    } catch (IOException e) {
      throw failure(file(issuer), issuer, "cannot be deleted", e);
    }
  }

  private Path file(String issuer) {
    return directory.resolve(Sha256.base64Url(issuer) + ".jwe");
  }

  private static Sealing.Place place(String issuer) {
    return new Sealing.Place(PURPOSE, issuer);
  }

  private static OAuthException failure(
      Path file, String issuer, String what, @Nullable Throwable cause) {
    return Failure.builder(
            FailureKind.REFUSED,
            "The registration at %s in the file %s %s.".formatted(issuer, file, what))
        .cause(cause)
        .build()
        .toException();
  }

  /** Where it is. */
  @Override
  public String toString() {
    return "FileRegistrationStore[" + directory + "]";
  }
}
