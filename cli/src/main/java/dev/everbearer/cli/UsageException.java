package dev.everbearer.cli;

/** The command cannot be carried out as it was given; nothing was sent. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
