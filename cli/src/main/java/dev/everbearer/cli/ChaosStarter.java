package dev.everbearer.cli;

import dev.everbearer.fleet.Chaos;
import dev.everbearer.fleet.ChaosOptions;
import java.security.SecureRandom;

/** The one place that knows the fleet, which is not on every class path. */
final class ChaosStarter {

  private ChaosStarter() {}

  static int start(ChaosCommand command, Surroundings around) {
    return Chaos.run(options(command), around.out(), around.err());
  }

  static ChaosOptions options(ChaosCommand command) {
    long seed = command.seed == null ? new SecureRandom().nextInt(1_000_000) : command.seed;
    try {
      return new ChaosOptions(command.nodes, command.store, command.duration, seed, command.json);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
