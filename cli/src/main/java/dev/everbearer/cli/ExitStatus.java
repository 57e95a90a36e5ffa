package dev.everbearer.cli;

/** What the command ends with. */
final class ExitStatus {

  static final int OK = 0;

  /** Something failed on the way. */
  static final int FAILED = 1;

  /** The command cannot be carried out as it was given; nothing was sent. */
  static final int USAGE = 2;

  /** The API answered 400 or above, as {@code curl --fail} says it. */
  static final int REFUSED = 22;

  private ExitStatus() {}

  /** The status, unless the result could not be written to standard output. */
  static int ofOutput(Surroundings around, int status) {
    if (around.out().checkError()) {
      around.say("The result could not be written to standard output.");
      return FAILED;
    }
    return status;
  }
}
