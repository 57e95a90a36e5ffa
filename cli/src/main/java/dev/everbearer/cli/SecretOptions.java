package dev.everbearer.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where the client secret comes from: anywhere but the command line itself. */
final class SecretOptions {

  private static final int LONGEST = 64 * 1024;
  private static final String NOT_SET =
      "The environment variable that --client-secret-env names is not set. Give the variable's"
          + " name, not the secret.";

  @Option(
      names = "--client-secret-file",
      paramLabel = "FILE",
      description = "File that holds the client secret; a line break at its end is removed.")
  @Nullable Path file;

  @Option(
      names = "--client-secret-env",
      paramLabel = "NAME",
      description = "Environment variable that holds the client secret.")
  @Nullable String variable;

  @Option(
      names = "--client-secret-stdin",
      description = "Read the client secret from standard input, to its end.")
  boolean usesInput;

  @Option(
      names = "--client-secret",
      hidden = true,
      paramLabel = "SECRET",
      converter = Refusal.class)
  @Nullable String refused;

  /** A secret among the arguments is refused, and not repeated. */
  static final class Refusal implements ITypeConverter<String> {
    @Override
    public String convert(String secret) {
      throw new TypeConversionException(
          "a secret on the command line can be read by every user of this machine, and stays in the"
              + " shell's history. Use --client-secret-file FILE, --client-secret-env NAME or"
              + " --client-secret-stdin");
    }
  }

  boolean isMissing() {
    return file == null && variable == null && !usesInput;
  }

  /**
   * The secret.
   *
   * @throws UsageException if there is none where the options point to
   */
  String read(Surroundings around) {
    String secret = withoutLineBreak(source(around));
    if (secret.isEmpty()) {
      throw new UsageException("The client secret in " + sourceName() + " is empty.");
    }
    if (secret.chars().anyMatch(Character::isISOControl)) {
      throw new UsageException(
          "The client secret in "
              + sourceName()
              + " holds a line break or another control character; it must be one line.");
    }
    return secret;
  }

  private String sourceName() {
    if (file != null) {
      return "the file " + file;
    }
    return variable != null ? "the environment variable " + variable : "standard input";
  }

  private String source(Surroundings around) {
    if (variable != null) {
      String value = around.environment().get(variable);
      if (value == null) {
        // Its name is not repeated: what is no variable's name may be the secret itself.
        throw new UsageException(NOT_SET);
      }
      return value;
    }
    try (InputStream input = file == null ? around.in() : Files.newInputStream(file)) {
      return text(input.readNBytes(LONGEST + 1));
    } catch (NoSuchFileException e) {
      throw new UsageException("There is no file " + file + " to read the client secret from.");
    } catch (CharacterCodingException e) {
      throw new UsageException("The client secret in " + sourceName() + " is not UTF-8 text.");
    } catch (IOException e) {
      throw new UsageException(
          "The client secret cannot be read from " + sourceName() + ": " + reason(e));
    }
  }

  private String text(byte[] bytes) throws CharacterCodingException {
    if (bytes.length > LONGEST) {
      throw new UsageException(
          "There are more than 64 KiB in " + sourceName() + "; that is no client secret.");
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static String reason(IOException thrown) {
    return thrown instanceof AccessDeniedException
        ? "access is denied."
        : thrown.getMessage() + ".";
  }

  private static String withoutLineBreak(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
