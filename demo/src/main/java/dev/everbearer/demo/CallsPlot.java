package dev.everbearer.demo;

import java.awt.Color;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** Calls per second over time; failed ones stand in red on top of those that were answered. */
final class CallsPlot {

  private static final Color ANSWERED = new Color(0x42, 0x85, 0xC8);
  private static final Color FAILED = new Color(0xD3, 0x2F, 0x2F);
  private static final double HEADROOM = 1.18;

  private CallsPlot() {}

  static XYPlot of(Rates rates) {
    XYIntervalSeries answered = new XYIntervalSeries("Calls answered");
    XYIntervalSeries failed = new XYIntervalSeries("Calls failed");
    double highest = 1;
    for (int slot = 0; slot < rates.slots(); slot++) {
      double good = rates.good(slot);
      double all = good + rates.failed(slot);
      add(answered, rates, slot, 0, good);
      add(failed, rates, slot, good, all);
      highest = Math.max(highest, all);
    }
    XYIntervalSeriesCollection both = new XYIntervalSeriesCollection();
    both.addSeries(answered);
    both.addSeries(failed);
    NumberAxis axis = new NumberAxis("Calls per second");
    axis.setRange(0, highest * HEADROOM);
    return new XYPlot(both, null, axis, bars());
  }

  private static void add(
      XYIntervalSeries series, Rates rates, int slot, double bottom, double top) {
    if (top > bottom) {
      double from = slot * (double) rates.width() / RunChart.NANOS;
      double until = (slot + 1) * (double) rates.width() / RunChart.NANOS;
      series.add((from + until) / 2, from, until, top, bottom, top);
    }
  }

  private static XYBarRenderer bars() {
    XYBarRenderer bars = new XYBarRenderer(0.06);
    bars.setUseYInterval(true);
    bars.setBarPainter(new StandardXYBarPainter());
    bars.setShadowVisible(false);
    bars.setDrawBarOutline(false);
    bars.setSeriesPaint(0, ANSWERED);
    bars.setSeriesPaint(1, FAILED);
    return bars;
  }
}
