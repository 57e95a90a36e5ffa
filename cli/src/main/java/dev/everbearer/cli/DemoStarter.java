package dev.everbearer.cli;

import dev.everbearer.demo.Demo;
import dev.everbearer.demo.DemoOptions;

/** The one place that knows the demo, which is not on every class path. */
final class DemoStarter {

  private DemoStarter() {}

  static int start(DemoCommand command, Surroundings around) {
    DemoOptions options =
        new DemoOptions(
            command.duration,
            command.tokenLifetime,
            command.rate,
            command.threads,
            command.outage,
            command.revoke,
            command.json,
            command.chart);
    return Demo.run(options, around.out(), around.err());
  }
}
