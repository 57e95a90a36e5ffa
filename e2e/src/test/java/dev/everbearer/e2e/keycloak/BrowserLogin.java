package dev.everbearer.e2e.keycloak;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.net.URI;

/** Types and clicks what a person would at Keycloak's pages. */
final class BrowserLogin implements Login {

  private static final String USERNAME = "#username";
  private static final String AGREE = "[name=accept]";
  private static final int MOST_STEPS = 5;

  private final Chromium chromium;
  private final Person person;
  private final BrowserContext profile;

  BrowserLogin(Chromium chromium, Person person) {
    this.chromium = chromium;
    this.person = person;
    this.profile = chromium.onDriver(() -> chromium.browser().newContext());
  }

  @Override
  public URI open(URI page) {
    return chromium.onDriver(() -> opened(page));
  }

  private URI opened(URI start) {
    try (Page page = profile.newPage()) {
      page.navigate(start.toString());
      for (int step = 0; step < MOST_STEPS; step++) {
        URI here = URI.create(page.url());
        if (!FormLogin.sameOrigin(start, here)) {
          return here;
        } else if (page.isVisible(USERNAME)) {
          logIn(page);
        } else if (page.isVisible(AGREE)) {
          leaveBy(page, AGREE);
        } else {
          return here;
        }
      }
      throw new IllegalStateException(person + " was refused: " + page.innerText("body"));
    }
  }

  private void logIn(Page page) {
    page.fill(USERNAME, person.username());
    page.fill("#password", person.password());
    leaveBy(page, "#kc-login");
  }

  private static void leaveBy(Page page, String button) {
    String here = page.url();
    page.click(button);
    page.waitForURL(url -> !url.equals(here));
  }
}
