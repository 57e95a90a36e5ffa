package dev.everbearer.demo;

/** Shows a run while it goes on. */
interface Progress {

  /** Shows nothing. */
  Progress SILENT =
      new Progress() {
        @Override
        public void moment(Moment moment) {}

        @Override
        public void event(long elapsed, String text) {}

        @Override
        public void end() {}
      };

  /** How the run stands; called several times a second. */
  void moment(Moment moment);

  /** Something that happens once. */
  void event(long elapsed, String text);

  /** The run is over. */
  void end();
}
