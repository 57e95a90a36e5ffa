package dev.everbearer.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reads an SVG file back. */
final class Svg {

  private Svg() {}

  /** The texts in it; parsing it is half of the proof. */
  static List<String> texts(Path file) throws IOException {
    NodeList nodes = parse(file).getElementsByTagName("text");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent().strip());
    }
    return texts;
  }

  private static Document parse(Path file) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setFeature(
          "http://apache.org/xml/features/nonvalidating/load-external-dtd", /* value= */ false);
      return factory.newDocumentBuilder().parse(new InputSource(file.toUri().toString()));
    } catch (ParserConfigurationException | SAXException e) {
      throw new AssertionError("Not an SVG document: " + file, e);
    }
  }
}
