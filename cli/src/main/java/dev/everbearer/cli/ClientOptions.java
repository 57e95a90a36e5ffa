package dev.everbearer.cli;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.ClientCredentialsGrant;
import dev.everbearer.grant.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who asks which server for what: the options of every command that obtains a token. */
final class ClientOptions {

  /** How the secret is sent. */
  enum AuthMethod {
    basic,
    post
  }

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec command;

  @ArgGroup ServerOptions server = new ServerOptions();

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "The client id that the server gave to this client.")
  String clientId = "";

  @ArgGroup SecretOptions secret = new SecretOptions();

  @Option(
      names = "--auth",
      paramLabel = "basic|post",
      description =
          "Send the secret in a Basic header or in the body. By default in the body if the server's"
              + " metadata list client_secret_post, for OAuth 2.1 has every server take that; else,"
              + " and without metadata, in a Basic header.")
  @Nullable AuthMethod method;

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      description = "A scope to ask for; may be repeated, or hold several separated by spaces.")
  List<String> scopes = new ArrayList<>();

  @Option(
      names = "--resource",
      paramLabel = "URI",
      description = "An API that the token is for (RFC 8707); may be repeated.")
  List<String> resources = new ArrayList<>();

  @Option(
      names = "--audience",
      paramLabel = "NAME",
      description = "An audience, where the server wants that in place of a resource.")
  List<String> audiences = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description =
          "How long to keep trying: 500ms, 30s, 5m, 1h or seconds; ${DEFAULT-VALUE} by default.")
  Duration timeout = Duration.ofSeconds(30);

  @Option(
      names = {"-v", "--verbose"},
      description = "Tell every failed attempt, log lines, and where an error came from.")
  boolean isVerbose;

  /**
   * The grant that is asked for.
   *
   * @throws UsageException if it cannot be asked for so
   */
  Grant grant() {
    try {
      ClientCredentialsGrant grant = Grant.clientCredentials();
      String[] tokens =
          scopes.stream()
              .flatMap(each -> Arrays.stream(each.strip().split(" +")))
              .toArray(String[]::new);
      grant = tokens.length == 0 ? grant : grant.scope(tokens);
      for (String resource : resources) {
        grant = grant.resource(resource);
      }
      for (String audience : audiences) {
        grant = grant.audience(audience);
      }
      return grant;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Refuses a command line on which something is missing, by the names of all that is.
   *
   * @param others what the command itself misses
   */
  void requireAll(List<String> others) {
    List<String> missing = new ArrayList<>(others);
    if (server.isMissing()) {
      missing.add("--issuer URL (or --token-endpoint URL)");
    }
    if (clientId.isEmpty()) {
      missing.add("--client-id ID");
    }
    if (secret.isMissing()) {
      missing.add(
          "--client-secret-file FILE (or --client-secret-env NAME, or --client-secret-stdin)");
    }
    if (!missing.isEmpty()) {
      CommandLine line = Objects.requireNonNull(command).commandLine();
      throw new ParameterException(line, "Missing: " + String.join("; ", missing) + ".");
    }
  }

  ClientAuthentication authentication(Surroundings around) {
    String value = secret.read(around);
    try {
      if (method == null) {
        return ClientAuthentication.clientSecret(clientId, () -> value);
      }
      return method == AuthMethod.basic
          ? ClientAuthentication.clientSecretBasic(clientId, value)
          : ClientAuthentication.clientSecretPost(clientId, value);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  void requireTime() {
    if (timeout.isZero()) {
      throw new UsageException("A --timeout of nothing leaves no time to ask; give at least 1ms.");
    }
  }
}
