package dev.everbearer.benchmarks.report;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.category.DefaultCategoryDataset;

/** Draws bars into an SVG file. */
final class ChartFile {

  private static final int WIDTH = 900;
  private static final int HEIGHT_OF_FRAME = 140;
  private static final int HEIGHT_OF_BAR = 18;
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16);
  private static final Color[] COLOURS = {
    new Color(0x2E, 0x8B, 0x57),
    new Color(0x42, 0x85, 0xC8),
    new Color(0xE0, 0x8E, 0x1B),
    new Color(0x8E, 0x24, 0xAA),
    new Color(0x75, 0x75, 0x75)
  };

  private ChartFile() {}

  static void write(Path file, Bars bars) throws IOException {
    TextUtils.setUseDrawRotatedStringWorkaround(false); // It turns text into outlines.
    DefaultCategoryDataset data = data(bars);
    int count = data.getRowCount() * data.getColumnCount();
    int height = HEIGHT_OF_FRAME + HEIGHT_OF_BAR * (count + data.getColumnCount());
    VectorGraphics2D drawing = new VectorGraphics2D();
    chart(bars, data).draw(drawing, new Rectangle2D.Double(0, 0, WIDTH, height));
    try (OutputStream out = Files.newOutputStream(file)) {
      Processors.get("svg")
          .getDocument(drawing.getCommands(), new PageSize(WIDTH, height))
          .writeTo(out);
    }
  }

  private static DefaultCategoryDataset data(Bars bars) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    bars.groups()
        .forEach(
            group ->
                group.bars().forEach((name, value) -> data.addValue(value, name, group.name())));
    return data;
  }

  private static JFreeChart chart(Bars bars, DefaultCategoryDataset data) {
    JFreeChart chart =
        ChartFactory.createBarChart(
            bars.title(),
            null,
            bars.unit(),
            data,
            PlotOrientation.HORIZONTAL,
            /* legend= */ data.getRowCount() > 1,
            /* tooltips= */ false,
            /* urls= */ false);
    chart.setBackgroundPaint(Color.WHITE);
    chart.getTitle().setFont(TITLE);
    chart.setPadding(new RectangleInsets(10, 10, 6, 24));
    if (chart.getLegend() != null) {
      chart.getLegend().setFrame(BlockBorder.NONE);
      chart.getLegend().setItemFont(TEXT);
    }
    dress(chart.getCategoryPlot(), bars);
    return chart;
  }

  private static void dress(CategoryPlot plot, Bars bars) {
    plot.setBackgroundPaint(new Color(0xFA, 0xFA, 0xFA));
    plot.setRangeGridlinePaint(new Color(0xDD, 0xDD, 0xDD));
    plot.setOutlineVisible(false);
    ValueAxis axis = bars.isLogarithmic() ? logarithmic(bars.unit()) : new NumberAxis(bars.unit());
    axis.setLabelFont(TEXT);
    axis.setTickLabelFont(TEXT);
    plot.setRangeAxis(axis);
    plot.getDomainAxis().setTickLabelFont(TEXT);
    plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.4f);
    BarRenderer renderer = (BarRenderer) plot.getRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0.05);
    for (int i = 0; i < COLOURS.length; i++) {
      renderer.setSeriesPaint(i, COLOURS[i]);
    }
  }

  private static LogAxis logarithmic(String unit) {
    LogAxis axis = new LogAxis(unit);
    axis.setSmallestValue(0.1);
    axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
    return axis;
  }
}
