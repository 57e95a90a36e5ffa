package dev.everbearer.cli;

import dev.everbearer.demo.Demo;
import dev.everbearer.demo.DemoOptions;

/** The one place that knows the demo, which is not on every class path. */
final class DemoStarter {

  private DemoStarter() {}

  static int start(DemoCommand command, Surroundings around) {
    return Demo.run(options(command), around.out(), around.err());
  }

  static DemoOptions options(DemoCommand command) {
    return DemoOptions.builder()
        .duration(command.duration)
        .tokenLifetime(command.tokenLifetime)
        .rate(command.rate)
        .threads(command.threads)
        .outage(command.outage)
        .revoke(command.revoke)
        .chaos(command.chaos)
        .seed(command.seed)
        .json(command.json)
        .chart(command.chart)
        .build();
  }
}
