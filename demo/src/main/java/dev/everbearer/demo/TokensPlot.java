package dev.everbearer.demo;

import dev.everbearer.demo.RunResult.Timeline;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.util.ShapeUtils;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * The life of each token as a bar: strong while it is the one in use, pale when its successor is
 * there already. Neighbours stand on different lanes, since their lives overlap.
 */
final class TokensPlot {

  private static final Color IN_USE = new Color(0x2E, 0x8B, 0x57);
  private static final Color SPARE = new Color(0xB5, 0xDC, 0xC4);
  private static final Color FAILED = new Color(0xD3, 0x2F, 0x2F);
  private static final int LANES = 3;
  private static final double HALF_A_BAR = 0.36;
  private static final double FAILURE_LANE = LANES;

  private TokensPlot() {}

  static XYPlot of(Timeline timeline) {
    XYPlot plot = new XYPlot(lives(timeline.tokens()), null, lanes(), bars());
    plot.setDataset(1, failures(timeline.failedRenewals()));
    plot.setRenderer(1, crosses());
    plot.setRangeGridlinesVisible(false);
    return plot;
  }

  private static XYIntervalSeriesCollection lives(List<Span> tokens) {
    XYIntervalSeries inUse = new XYIntervalSeries("Token in use");
    XYIntervalSeries spare = new XYIntervalSeries("Token still good, replaced already");
    for (int i = 0; i < tokens.size(); i++) {
      Span life = tokens.get(i);
      long successor = i + 1 < tokens.size() ? tokens.get(i + 1).from() : life.until();
      long replaced = Math.min(life.until(), successor);
      add(inUse, i, life.from(), replaced);
      add(spare, i, replaced, life.until());
    }
    XYIntervalSeriesCollection both = new XYIntervalSeriesCollection();
    both.addSeries(inUse);
    both.addSeries(spare);
    return both;
  }

  private static void add(XYIntervalSeries series, int index, long from, long until) {
    if (until > from) {
      double lane = LANES - 1 - index % LANES;
      double start = from / RunChart.NANOS;
      double end = until / RunChart.NANOS;
      series.add((start + end) / 2, start, end, lane, lane - HALF_A_BAR, lane + HALF_A_BAR);
    }
  }

  private static XYSeriesCollection failures(List<Long> moments) {
    XYSeries failures = new XYSeries("Token request failed");
    moments.forEach(moment -> failures.add(moment / RunChart.NANOS, FAILURE_LANE));
    return new XYSeriesCollection(failures);
  }

  private static NumberAxis lanes() {
    NumberAxis axis = new NumberAxis("Tokens");
    axis.setRange(-0.6, LANES + 0.6);
    axis.setTickLabelsVisible(false);
    axis.setTickMarksVisible(false);
    return axis;
  }

  private static XYBarRenderer bars() {
    XYBarRenderer bars = new XYBarRenderer();
    bars.setUseYInterval(true);
    bars.setBarPainter(new StandardXYBarPainter());
    bars.setShadowVisible(false);
    bars.setDrawBarOutline(false);
    bars.setSeriesPaint(0, IN_USE);
    bars.setSeriesPaint(1, SPARE);
    return bars;
  }

  private static XYLineAndShapeRenderer crosses() {
    XYLineAndShapeRenderer crosses = new XYLineAndShapeRenderer(false, true);
    crosses.setSeriesShape(0, ShapeUtils.createDiagonalCross(5, 1));
    crosses.setSeriesPaint(0, FAILED);
    crosses.setSeriesStroke(0, new BasicStroke(1));
    return crosses;
  }
}
