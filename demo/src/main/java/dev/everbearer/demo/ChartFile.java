package dev.everbearer.demo;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;

/** The file that a chart goes to: SVG or PNG, by its name. */
final class ChartFile {

  static final int WIDTH = 1200;
  static final int HEIGHT = 640;

  /** Pixels of a PNG for each unit of the drawing, so that it is sharp on fine screens. */
  private static final int PNG_SCALE = 2;

  private static final String HEADLESS = "java.awt.headless";

  private ChartFile() {}

  /** Why a chart could not be written there; empty when it can. */
  static Optional<String> problem(Path file) {
    if (!isSvg(file) && !isPng(file)) {
      return Optional.of("--chart must name an .svg or .png file, not %s.".formatted(file));
    }
    if (Files.isDirectory(file)) {
      return Optional.of("--chart %s is a folder.".formatted(file));
    }
    if (System.getProperty(HEADLESS) == null) {
      System.setProperty(HEADLESS, "true"); // Nothing is shown on a screen.
    }
    try {
      tryToOpen(file);
      return Optional.empty();
    } catch (IOException | SecurityException e) {
      return Optional.of("--chart %s cannot be written: %s".formatted(file, reason(e)));
    }
  }

  private static String reason(Exception e) {
    return switch (e.getClass().getSimpleName()) {
      case "NoSuchFileException" -> "its folder does not exist.";
      case "AccessDeniedException" -> "permission denied.";
      default -> e.getMessage() + ".";
    };
  }

  /** Opens the file for writing, and leaves no new one behind. */
  private static void tryToOpen(Path file) throws IOException {
    boolean isNew = Files.notExists(file);
    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    if (isNew) {
      Files.delete(file);
    }
  }

  private static boolean isSvg(Path file) {
    return hasExtension(file, ".svg");
  }

  private static boolean isPng(Path file) {
    return hasExtension(file, ".png");
  }

  private static boolean hasExtension(Path file, String extension) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(extension);
  }

  static void write(Path file, JFreeChart chart) throws IOException {
    if (isSvg(file)) {
      writeSvg(file, chart);
    } else {
      writePng(file, chart);
    }
  }

  private static void writeSvg(Path file, JFreeChart chart) throws IOException {
    TextUtils.setUseDrawRotatedStringWorkaround(false); // It turns text into outlines.
    VectorGraphics2D drawing = new VectorGraphics2D();
    chart.draw(drawing, area());
    try (OutputStream out = Files.newOutputStream(file)) {
      Processors.get("svg")
          .getDocument(drawing.getCommands(), new PageSize(WIDTH, HEIGHT))
          .writeTo(out);
    }
  }

  private static void writePng(Path file, JFreeChart chart) throws IOException {
    BufferedImage image =
        new BufferedImage(WIDTH * PNG_SCALE, HEIGHT * PNG_SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D drawing = image.createGraphics();
    drawing.scale(PNG_SCALE, PNG_SCALE);
    chart.draw(drawing, area());
    drawing.dispose();
    try (OutputStream out = Files.newOutputStream(file)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("This Java runtime cannot write PNG.");
      }
    }
  }

  private static Rectangle2D area() {
    return new Rectangle2D.Double(0, 0, WIDTH, HEIGHT);
  }
}
