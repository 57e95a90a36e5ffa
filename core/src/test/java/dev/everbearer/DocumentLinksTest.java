package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The links of the documents lead to what is there, headings included. */
class DocumentLinksTest {

  private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  static List<Path> pages() throws IOException {
    return Documents.pages();
  }

  private static String prose(Path page) throws IOException {
    return CODE.matcher(Files.readString(page)).replaceAll("");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path page) throws IOException {
    for (MatchResult link : LINK.matcher(prose(page)).results().toList()) {
      Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
      assertThat(target).exists();
      if (link.group(2) != null) {
        assertThat(anchors(target)).as("headings of %s", target).contains(link.group(2));
      }
    }
  }

  @Test
  void everyPageIsLinkedFromAnother() throws IOException {
    Set<Path> linked = new HashSet<>(Set.of(Documents.ROOT.resolve("README.md")));
    for (Path page : pages()) {
      LINK.matcher(prose(page))
          .results()
          .map(link -> page.resolveSibling(link.group(1)).normalize())
          .filter(target -> !target.equals(page))
          .forEach(linked::add);
    }
    assertThat(pages())
        .filteredOn(page -> !page.toString().contains("decisions"))
        .allMatch(linked::contains);
  }

  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new HashSet<>();
    for (MatchResult heading : HEADING.matcher(prose(page)).results().toList()) {
      String anchor = anchor(heading.group(1));
      int twins = 0;
      while (!anchors.add(twins == 0 ? anchor : anchor + "-" + twins)) {
        twins++;
      }
    }
    return anchors;
  }

  /** As code hosts make it of a heading. */
  private static String anchor(String heading) {
    return heading
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  @ParameterizedTest
  @CsvSource({"FAPI 2.0, fapi-20", "What `a_b` is, what-a_b-is", "A - b, a---b"})
  void anAnchorIsMadeAsCodeHostsMakeIt(String heading, String anchor) {
    assertThat(anchor(heading)).isEqualTo(anchor);
  }
}
