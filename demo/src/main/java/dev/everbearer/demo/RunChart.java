package dev.everbearer.demo;

import dev.everbearer.demo.RunResult.Timeline;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;

/** Draws a run over time: the calls above, the tokens that carried them below. */
final class RunChart {

  static final double NANOS = 1e9;

  private static final Color OUTAGE = new Color(0xFB, 0xE6, 0xBE);
  private static final Color DARK_ORANGE = new Color(0x7A, 0x4F, 0x00);
  private static final Color REVOCATION = new Color(0x8E, 0x24, 0xAA);
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 18);
  private static final int CALLS_SHARE = 5;
  private static final int TOKENS_SHARE = 3;

  /** How long nobody has a token before the chart says so, in nanoseconds. */
  private static final long WORTH_A_NOTE = 500_000_000L;

  private static final double NOTE_HEIGHT = 0.08;

  private RunChart() {}

  static JFreeChart of(RunResult run) {
    XYPlot calls = CallsPlot.of(run.timeline().rates());
    XYPlot tokens = TokensPlot.of(run.timeline());
    CombinedDomainXYPlot both = new CombinedDomainXYPlot(timeAxis(run));
    both.setGap(14);
    both.add(calls, CALLS_SHARE);
    both.add(tokens, TOKENS_SHARE);
    List.of(calls, tokens).forEach(RunChart::dress);
    mark(run.timeline(), calls, tokens);
    noteWaiting(run.timeline(), calls);
    JFreeChart chart = new JFreeChart(title(run), TITLE, both, true);
    chart.setBackgroundPaint(Color.WHITE);
    chart.addSubtitle(subtitle(run));
    chart.getLegend().setItemFont(TEXT);
    chart.getLegend().setItemLabelPadding(new RectangleInsets(2, 3, 2, 16));
    chart.getLegend().setFrame(BlockBorder.NONE);
    chart.setPadding(new RectangleInsets(10, 10, 6, 18));
    return chart;
  }

  private static String title(RunResult run) {
    return "%s calls, %s failed"
        .formatted(Words.count(run.calls().calls()), Words.count(run.calls().failed()));
  }

  private static TextTitle subtitle(RunResult run) {
    String text =
        "%d token requests (%d refused), %d renewals in the background, %d calls waited, %d 401s healed"
            .formatted(
                run.tokenRequests(),
                run.requestsRefused(),
                run.tally().backgroundRenewals(),
                run.tally().waited(),
                run.tally().healed());
    TextTitle subtitle = new TextTitle(text, TEXT);
    subtitle.setHorizontalAlignment(HorizontalAlignment.CENTER);
    subtitle.setPadding(2, 0, 8, 0);
    return subtitle;
  }

  private static NumberAxis timeAxis(RunResult run) {
    NumberAxis axis = new NumberAxis("Time since the start (seconds)");
    axis.setRange(0, run.seconds());
    axis.setLabelFont(TEXT);
    axis.setTickLabelFont(TEXT);
    return axis;
  }

  private static void dress(XYPlot plot) {
    plot.setBackgroundPaint(new Color(0xFA, 0xFA, 0xFA));
    plot.setDomainGridlinePaint(new Color(0xDD, 0xDD, 0xDD));
    plot.setRangeGridlinePaint(new Color(0xDD, 0xDD, 0xDD));
    plot.setOutlinePaint(new Color(0xBB, 0xBB, 0xBB));
    plot.getRangeAxis().setLabelFont(TEXT);
    plot.getRangeAxis().setTickLabelFont(TEXT);
  }

  /** The troubles go through both plots; their names stand in the upper one. */
  private static void mark(Timeline timeline, XYPlot calls, XYPlot tokens) {
    Span outage = timeline.outage();
    if (!outage.isEmpty()) {
      calls.addDomainMarker(outage(outage, "Outage: no token to be had"), Layer.BACKGROUND);
      tokens.addDomainMarker(outage(outage, ""), Layer.BACKGROUND);
    }
    Long revokedAt = timeline.revokedAt();
    if (revokedAt != null) {
      calls.addDomainMarker(revocation(revokedAt, "All tokens revoked"), Layer.FOREGROUND);
      tokens.addDomainMarker(revocation(revokedAt, ""), Layer.FOREGROUND);
    }
  }

  /** Says why there are no calls for a while. */
  private static void noteWaiting(Timeline timeline, XYPlot calls) {
    Span gap = longestGap(timeline.tokens());
    if (gap.length() > WORTH_A_NOTE) {
      double middle = (gap.from() + gap.length() / 2.0) / NANOS;
      double height = calls.getRangeAxis().getUpperBound() * NOTE_HEIGHT;
      XYTextAnnotation note = new XYTextAnnotation("callers wait", middle, height);
      note.setFont(TEXT);
      note.setPaint(DARK_ORANGE);
      calls.addAnnotation(note);
    }
  }

  /** The longest time in which no token was good. */
  static Span longestGap(List<Span> tokens) {
    Span longest = Span.NONE;
    for (int i = 1; i < tokens.size(); i++) {
      Span before = tokens.get(i - 1);
      Span after = tokens.get(i);
      Span gap = new Span(/* from= */ before.until(), /* until= */ after.from());
      longest = gap.length() > longest.length() ? gap : longest;
    }
    return longest;
  }

  private static IntervalMarker outage(Span outage, String label) {
    IntervalMarker marker = new IntervalMarker(outage.from() / NANOS, outage.until() / NANOS);
    marker.setPaint(OUTAGE);
    marker.setAlpha(1);
    marker.setLabel(label);
    marker.setLabelFont(TEXT);
    marker.setLabelPaint(DARK_ORANGE);
    marker.setLabelBackgroundColor(new Color(0, 0, 0, 0));
    marker.setLabelAnchor(RectangleAnchor.TOP);
    marker.setLabelTextAnchor(TextAnchor.TOP_CENTER);
    return marker;
  }

  private static ValueMarker revocation(long moment, String label) {
    BasicStroke dashes =
        new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4}, 0);
    ValueMarker marker = new ValueMarker(moment / NANOS, REVOCATION, dashes);
    marker.setLabel(label);
    marker.setLabelFont(TEXT);
    marker.setLabelPaint(REVOCATION);
    marker.setLabelBackgroundColor(new Color(0, 0, 0, 0));
    marker.setLabelAnchor(RectangleAnchor.TOP_RIGHT);
    marker.setLabelTextAnchor(TextAnchor.TOP_LEFT);
    return marker;
  }
}
