package dev.everbearer.grant;

import dev.everbearer.grant.CommandOutput.CommandException;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where an assertion, or a token to be exchanged, comes from. It is asked anew for each token
 * request, so what it reads may rotate; it is never cached here. Equal by value: sources of the
 * same file are equal. Thread-safe if its supplier is; prints no assertion.
 */
public final class AssertionSource {

  private static final int MAX_BYTES = 256 * 1024;
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

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
   * The content of a file, such as a token that Kubernetes projects and rotates: at most 256 KiB,
   * in UTF-8. White space at its ends is left out.
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
   * What a program prints to its standard output: at most 256 KiB, in UTF-8. White space at the
   * ends is left out. It has 30 seconds and must end with status 0; its standard input is empty,
   * its error output goes nowhere, and no shell takes part. Put no secrets into the arguments:
   * other users of the machine can read them.
   *
   * @param command the program and its arguments
   * @throws IllegalArgumentException if no program is named
   */
  public static AssertionSource command(String... command) {
    List<String> parts = List.of(command);
    if (parts.isEmpty() || parts.get(0).isBlank()) {
      throw new IllegalArgumentException("Name the program to run.");
    }
    String digest = Digests.sha256(Secret.of(String.join("\0", parts))).substring(0, 12);
    String name = "command " + parts.get(0) + " #" + digest;
    return new AssertionSource(name, parts, () -> printed(name, parts));
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
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw none("The assertion file %s is over 256 KiB.".formatted(file));
      }
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw none(
          "The assertion file %s cannot be read (%s). Check the path and who may read it."
              .formatted(file, e.getClass().getSimpleName()));
    }
  }

  private static String printed(String name, List<String> command) {
    try {
      byte[] output = new CommandOutput(command, COMMAND_LIMIT, MAX_BYTES).get();
      return new String(output, StandardCharsets.UTF_8).strip();
    } catch (CommandException e) {
      throw none(
          "The assertion's %s %s. Run it by hand to see what it says."
              .formatted(name, e.getMessage()));
    }
  }

  private static OAuthException none(String why) {
    return Failure.builder(FailureKind.SERVER_TROUBLE, why).build().toException();
  }

  /** What tells this source from others, for people and for stores; never an assertion. */
  public String name() {
    return name;
  }

  /**
   * The assertion now. Blocks for as long as reading it takes.
   *
   * @throws OAuthException if it cannot be read, or is empty; what a supplier throws goes through
   */
  public Secret get() {
    String assertion = supplier.get();
    if (assertion == null || assertion.isEmpty()) {
      throw none("The source of assertions gave an empty one: " + name + ".");
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
