package dev.everbearer.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code everbearer}. */
@Command(
    name = "everbearer",
    header = "Keeps programs calling OAuth-protected APIs without interruption.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Everbearer.Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:it failed; standard error says why",
      "2:the command line is wrong; nothing was sent",
      "22:get: the API answered 400 or above"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  everbearer demo",
      "",
      "  everbearer token --issuer https://id.example.com \\",
      "      --client-id my-client --client-secret-file secret.txt",
      "",
      "  everbearer get https://api.example.com/user --issuer https://id.example.com \\",
      "      --client-id my-client --client-secret-env CLIENT_SECRET",
      "",
      "More of each: everbearer COMMAND --help",
    })
public final class Everbearer {

  private static final int HELP_WIDTH = 88;

  private Everbearer() {}

  /** Reads the arguments, does as they say, and ends the process. */
  public static void main(String[] arguments) {
    CommandLog.takeOver();
    System.exit(run(Surroundings.ofProcess(), arguments));
  }

  /** Does as the arguments say; gives the exit status. */
  static int run(Surroundings around, String... arguments) {
    CommandLine command = new CommandLine(new Everbearer());
    commands(around, arguments.length == 0 ? "" : arguments[0]).forEach(command::addSubcommand);
    command.getSubcommands().values().forEach(Everbearer::addStandardHelp);
    ErrorTeller errors = new ErrorTeller(around);
    return command
        .setOut(writer(around.out()))
        .setErr(writer(around.err()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_WIDTH)
        .setUsageHelpLongOptionsMaxWidth(28)
        .setExecutionStrategy(Everbearer::execute)
        .setParameterExceptionHandler((e, given) -> tellMisuse(e, around))
        .setExecutionExceptionHandler((e, failed, parsed) -> errors.tell(e, isVerbose(parsed)))
        .execute(arguments);
  }

  /** The command that is named; all of them if none is. Reading each of them takes its time. */
  private static List<Object> commands(Surroundings around, String name) {
    return switch (name) {
      case "token" -> List.of(new TokenCommand(around));
      case "get" -> List.of(new GetCommand(around));
      case "demo" -> List.of(new DemoCommand(around));
      case "chaos" -> List.of(new ChaosCommand(around));
      default ->
          List.of(
              new TokenCommand(around),
              new GetCommand(around),
              new DemoCommand(around),
              new ChaosCommand(around));
    };
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  private static void addStandardHelp(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
  }

  private static int execute(ParseResult parsed) {
    CommandLog.show(isVerbose(parsed));
    if (parsed.originalArgs().isEmpty()) {
      CommandLine command = parsed.commandSpec().commandLine();
      command.usage(command.getErr());
      return ExitStatus.USAGE;
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static boolean isVerbose(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.hasMatchedOption("--verbose");
  }

  private static int tellMisuse(ParameterException misuse, Surroundings around) {
    CommandLine command = misuse.getCommandLine();
    around.say(
        misuse instanceof UnmatchedArgumentException unmatched
            ? unmatched(command, unmatched.getUnmatched())
            : String.valueOf(misuse.getMessage()));
    around.say(
        "Run '%s --help' to see what it takes."
            .formatted(command.getCommandSpec().qualifiedName()));
    return ExitStatus.USAGE;
  }

  private static String unmatched(CommandLine command, List<String> arguments) {
    boolean isCommandWanted = command.getParent() == null && !arguments.get(0).startsWith("-");
    return isCommandWanted ? noSuchCommand(command) : tooMany(arguments);
  }

  /** Does not repeat what was given: it may be a misplaced secret. */
  private static String noSuchCommand(CommandLine command) {
    return "There is no such command. The commands are "
        + String.join(", ", command.getSubcommands().keySet())
        + ".";
  }

  /** Names options alone: anything else among the arguments may be a misplaced secret. */
  private static String tooMany(List<String> arguments) {
    String options =
        arguments.stream()
            .filter(each -> each.startsWith("-"))
            .map(each -> each.replaceFirst("=.*", ""))
            .collect(Collectors.joining(", "));
    return options.isEmpty()
        ? "There are more arguments than the command takes."
        : "Unknown: " + options + ".";
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Everbearer.class.getPackage().getImplementationVersion();
      return new String[] {"everbearer " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
