package dev.everbearer.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints one token. */
@Command(
    name = "token",
    header = "Obtain an access token and print it.",
    customSynopsis = {
      "everbearer token (--issuer URL | --token-endpoint URL) --client-id ID",
      "    (--client-secret-file FILE | --client-secret-env NAME |",
      "     --client-secret-stdin) [OPTIONS]",
    },
    sortOptions = false,
    description = {
      "Obtains a token by client credentials (RFC 6749 section 4.4). Standard output is the token"
          + " and a line break, nothing else.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  everbearer token --issuer https://id.example.com \\",
      "      --client-id my-client --client-secret-file secret.txt --scope read",
      "",
      "  TOKEN=$(everbearer token --token-endpoint https://id.example.com/token \\",
      "      --client-id my-client --client-secret-env CLIENT_SECRET)",
      "",
      "  pass show my-client | everbearer token --issuer https://id.example.com \\",
      "      --client-id my-client --client-secret-stdin",
    })
final class TokenCommand implements Callable<Integer> {

  private final Surroundings around;

  @Mixin ClientOptions options = new ClientOptions();

  TokenCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    options.requireAll(List.of());
    String token;
    try (Session session = Session.open(options, around)) {
      token = session.client().tokens(options.grant()).token().value();
    }
    byte[] line = (token + "\n").getBytes(StandardCharsets.US_ASCII);
    around.out().write(line, 0, line.length);
    return ExitStatus.ofOutput(around, ExitStatus.OK);
  }
}
