package dev.everbearer.grant;

import dev.everbearer.token.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where an assertion, or a token to be exchanged, comes from. It is asked anew for each token
 * request, so what it reads may rotate; it is never cached here. Equal by value: sources of the
 * same file are equal. Thread-safe if its supplier is; prints no assertion.
 */
public final class AssertionSource {

  private static final long MAX_BYTES = 256 * 1024;

  private final String name;
  private final Object identity;
  private final Supplier<String> supplier;

  private AssertionSource(String name, Object identity, Supplier<String> supplier) {
    this.name = name;
    this.identity = identity;
    this.supplier = supplier;
  }

  /** Always the same assertion. Equal to any other source of the same assertion. */
  public static AssertionSource of(String assertion) {
    Secret fixed = Secret.of(assertion);
    return new AssertionSource("fixed " + Digests.sha256(fixed), fixed, fixed::reveal);
  }

  /**
   * The content of a file, such as a token that Kubernetes projects and rotates; white space at its
   * ends is left out.
   */
  public static AssertionSource file(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return new AssertionSource("file " + absolute, absolute, () -> read(absolute));
  }

  /**
   * The token of the pod's service account in Kubernetes, at its usual place: {@code
   * /var/run/secrets/kubernetes.io/serviceaccount/token}.
   */
  public static AssertionSource kubernetesServiceAccount() {
    return file(Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token"));
  }

  /**
   * What a supplier gives, such as a cloud's metadata service.
   *
   * @param name tells this source from others: sources of one name share one grant
   */
  public static AssertionSource supplier(String name, Supplier<String> supplier) {
    Objects.requireNonNull(supplier, "supplier");
    return new AssertionSource(Objects.requireNonNull(name, "name"), name, supplier);
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalStateException("The assertion file " + file + " is over 256 KiB.");
      }
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("The assertion file " + file + " cannot be read.", e);
    }
  }

  /** What tells this source from others, for people and for stores; never an assertion. */
  public String name() {
    return name;
  }

  /**
   * The assertion now.
   *
   * @throws RuntimeException if it cannot be read, or is empty
   */
  public Secret get() {
    String assertion = supplier.get();
    if (assertion == null || assertion.isEmpty()) {
      throw new IllegalStateException("The source of assertions " + name + " gave none.");
    }
    return Secret.of(assertion);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AssertionSource that && identity.equals(that.identity);
  }

  @Override
  public int hashCode() {
    return identity.hashCode();
  }

  @Override
  public String toString() {
    return "AssertionSource[" + name + "]";
  }
}
