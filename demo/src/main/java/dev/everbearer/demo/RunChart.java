package dev.everbearer.demo;

import dev.everbearer.demo.RunResult.Timeline;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleInsets;

/** Draws a run over time: the calls above, the tokens that carried them below. */
final class RunChart {

  static final double NANOS = 1e9;

  static final Color DARK_ORANGE = new Color(0x7A, 0x4F, 0x00);
  static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
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
    new TroubleMarks(calls, tokens).add(run.timeline());
    noteWaiting(run.timeline(), calls);
    JFreeChart chart = new JFreeChart(title(run), TITLE, both, true);
    chart.setBackgroundPaint(Color.WHITE);
    chart.addSubtitle(line(counts(run)));
    if (run.chaos() != null) {
      chart.addSubtitle(line(chaos(run.chaos())));
    }
    chart.getLegend().setItemFont(TEXT);
    chart.getLegend().setItemLabelPadding(new RectangleInsets(2, 3, 2, 16));
    chart.getLegend().setFrame(BlockBorder.NONE);
    chart.setPadding(new RectangleInsets(10, 10, 6, 18));
    return chart;
  }

  private static String title(RunResult run) {
    return "%s, %s failed"
        .formatted(Words.many(run.calls().calls(), "call"), Words.count(run.calls().failed()));
  }

  private static String counts(RunResult run) {
    return "%s (%d refused), %s in the background, %s waited, %s healed"
        .formatted(
            Words.many(run.tokenRequests(), "token request"),
            run.requestsRefused(),
            Words.many(run.tally().backgroundRenewals(), "renewal"),
            Words.many(run.tally().waited(), "call"),
            Words.many(run.tally().healed(), "401"));
  }

  private static String chaos(ChaosResult chaos) {
    return "Chaos by seed %d: %s of the token endpoint (shaded), %s (dashed), the clock wrong (blue)"
        .formatted(
            chaos.seed(),
            Words.many(chaos.faultTurns(), "fault"),
            Words.many(chaos.revocations(), "revocation"));
  }

  private static TextTitle line(String text) {
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
}
