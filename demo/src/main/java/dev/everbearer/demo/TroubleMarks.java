package dev.everbearer.demo;

import dev.everbearer.demo.ChaosEvent.Fault;
import dev.everbearer.demo.ChaosEvent.Revocation;
import dev.everbearer.demo.RunResult.Timeline;
import java.awt.BasicStroke;
import java.awt.Color;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;

/** The troubles of a run: they go through both plots, and their names stand in the upper one. */
final class TroubleMarks {

  private static final Color OUTAGE = new Color(0xFB, 0xE6, 0xBE);
  private static final Color REVOCATION = new Color(0x8E, 0x24, 0xAA);
  private static final Color WRONG_CLOCK = new Color(0xD6, 0xE6, 0xF5);

  private final XYPlot calls;
  private final XYPlot tokens;

  TroubleMarks(XYPlot calls, XYPlot tokens) {
    this.calls = calls;
    this.tokens = tokens;
  }

  void add(Timeline timeline) {
    if (!timeline.outage().isEmpty()) {
      addOutage(timeline.outage(), "Outage: no token to be had");
    }
    if (timeline.revokedAt() != null) {
      addRevocation(timeline.revokedAt(), "All tokens revoked");
    }
    // What is added later lies above, and the clock's times are long.
    timeline.incidents().forEach(this::addWrongClock);
    timeline.incidents().forEach(this::add);
  }

  private void addWrongClock(Incident incident) {
    if (incident.trouble() instanceof ChaosEvent.WrongClock) {
      tokens.addDomainMarker(span(incident.time(), WRONG_CLOCK, ""), Layer.BACKGROUND);
    }
  }

  private void add(Incident incident) {
    if (incident.trouble() instanceof Fault) {
      addOutage(incident.time(), "");
    } else if (incident.trouble() instanceof Revocation) {
      addRevocation(incident.time().from(), "");
    }
  }

  private void addOutage(Span span, String label) {
    calls.addDomainMarker(span(span, OUTAGE, label), Layer.BACKGROUND);
    tokens.addDomainMarker(span(span, OUTAGE, ""), Layer.BACKGROUND);
  }

  private void addRevocation(long moment, String label) {
    calls.addDomainMarker(revocation(moment, label), Layer.FOREGROUND);
    tokens.addDomainMarker(revocation(moment, ""), Layer.FOREGROUND);
  }

  private static IntervalMarker span(Span span, Color color, String label) {
    IntervalMarker marker =
        new IntervalMarker(span.from() / RunChart.NANOS, span.until() / RunChart.NANOS);
    marker.setPaint(color);
    marker.setAlpha(1);
    marker.setLabel(label);
    marker.setLabelFont(RunChart.TEXT);
    marker.setLabelPaint(RunChart.DARK_ORANGE);
    marker.setLabelBackgroundColor(new Color(0, 0, 0, 0));
    marker.setLabelAnchor(RectangleAnchor.TOP);
    marker.setLabelTextAnchor(TextAnchor.TOP_CENTER);
    return marker;
  }

  private static ValueMarker revocation(long moment, String label) {
    BasicStroke dashes =
        new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4}, 0);
    ValueMarker marker = new ValueMarker(moment / RunChart.NANOS, REVOCATION, dashes);
    marker.setLabel(label);
    marker.setLabelFont(RunChart.TEXT);
    marker.setLabelPaint(REVOCATION);
    marker.setLabelBackgroundColor(new Color(0, 0, 0, 0));
    marker.setLabelAnchor(RectangleAnchor.TOP_RIGHT);
    marker.setLabelTextAnchor(TextAnchor.TOP_LEFT);
    return marker;
  }
}
