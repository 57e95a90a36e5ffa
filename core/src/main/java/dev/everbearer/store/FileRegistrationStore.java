package dev.everbearer.store;

import dev.everbearer.client.ClientRegistration;
import dev.everbearer.jose.Sealing;
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
 * another does not open. Thread-safe; of several programs the last that writes wins.
 */
public final class FileRegistrationStore implements RegistrationStore {

  private static final String PURPOSE = "client registration";

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
   * @throws OAuthException when the file is broken, was written for another issuer, or by a key
   *     that is not among the keys; the file stays as it is
   */
  @Override
  public Optional<ClientRegistration> get(String issuer) {
    Path file = file(issuer);
    try {
      String sealed = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
      byte[] content = sealing.open(sealed, place(issuer)).content();
      return Optional.of(
          ClientRegistration.load(Secret.of(new String(content, StandardCharsets.UTF_8))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (SealBrokenException | IllegalArgumentException e) {
      throw broken(file, issuer, e);
    } catch (IOException e) {
      throw failure(file, issuer, "cannot be read", e);
    }
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

  private static OAuthException broken(Path file, String issuer, Exception e) {
    String why = e instanceof SealBrokenException ? e.getMessage() : "it holds no registration";
    return failure(
        file,
        issuer,
        "cannot be opened: %s. It is left as it is; restore it or its key, or delete it to register"
                .formatted(why)
            + " anew",
        null);
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
