package dev.everbearer.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sends one authorized GET. */
@Command(
    name = "get",
    header = "Send one authorized GET and print the answer's body.",
    customSynopsis = {
      "everbearer get URL (--issuer URL | --token-endpoint URL) --client-id ID",
      "    (--client-secret-file FILE | --client-secret-env NAME |",
      "     --client-secret-stdin) [OPTIONS]",
    },
    sortOptions = false,
    description = {
      "Obtains a token by client credentials and sends it to the origin of URL, and nowhere else."
          + " Standard output is the body of the answer, byte for byte (on a terminal without"
          + " control characters). Redirects are not followed.",
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the API answered 2xx",
      "1:no token, no answer, or a redirect",
      "2:the command line is wrong; nothing was sent",
      "22:the API answered 400 or above; its body is printed all the same"
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  everbearer get https://api.example.com/user \\",
      "      --issuer https://id.example.com --client-id my-client \\",
      "      --client-secret-file secret.txt | jq .name",
    })
final class GetCommand implements Callable<Integer> {

  private static final URI NONE = URI.create("");

  private final Surroundings around;

  @Mixin ClientOptions options = new ClientOptions();

  @Parameters(
      paramLabel = "URL",
      arity = "0..1",
      hideParamSyntax = true,
      converter = UrlConverter.class,
      description = "What to get; https, or http on loopback.")
  URI url = NONE;

  GetCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    options.requireAll(url.equals(NONE) ? List.of("the URL to get") : List.of());
    HttpResponse<?> answer;
    int tokens;
    Session session = Session.open(options, around);
    try {
      answer = send(session);
    } finally {
      session.close();
    }
    tokens = session.tokensObtained();
    int status = answer.statusCode();
    if (status / 100 != 2) {
      around.say(new AnswerExplanation(url, options, tokens).of(status, answer.headers()));
    }
    return ExitStatus.ofOutput(around, exitStatus(status));
  }

  private HttpResponse<?> send(Session session) throws IOException, InterruptedException {
    HttpClient api = session.client().httpClientFor(origin(), options.grant());
    HttpRequest request = HttpRequest.newBuilder(url).timeout(options.timeout).build();
    return api.send(request, new BodyPrinter(around));
  }

  private String origin() {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  private static int exitStatus(int status) {
    if (status >= 400) {
      return ExitStatus.REFUSED;
    }
    return status / 100 == 2 ? ExitStatus.OK : ExitStatus.FAILED;
  }
}
