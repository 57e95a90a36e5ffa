package dev.everbearer.e2e.keycloak;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Logs in without a browser: reads Keycloak's forms and sends them. */
public final class FormLogin implements Login {

  private static final int MOST_STEPS = 12;
  private static final String USER_CODE = "device_user_code";

  private final Person person;
  private final String whenAskedToAgree;
  private final String userCode;
  private final CookieKeepingClient client = new CookieKeepingClient();

  private FormLogin(Person person, String whenAskedToAgree, String userCode) {
    this.person = person;
    this.whenAskedToAgree = whenAskedToAgree;
    this.userCode = userCode;
  }

  /** Logs in as this person, who agrees to what is asked. */
  public static FormLogin as(Person person) {
    return new FormLogin(person, "accept", "");
  }

  /** Logs in as this person, who says no when asked to agree. */
  public static FormLogin refusingAs(Person person) {
    return new FormLogin(person, "cancel", "");
  }

  /** The same person, who has read this code on a device. */
  public FormLogin withUserCode(String code) {
    return new FormLogin(person, whenAskedToAgree, code);
  }

  @Override
  public URI open(URI page) {
    URI end = redirect(page);
    if (!sameOrigin(page, end)) {
      new CookieKeepingClient().get(end);
    }
    return end;
  }

  /** As {@link #open}, but the client's page at the end of the way is not asked for. */
  public URI redirect(URI page) {
    return end(page).address();
  }

  /** The form that a browser would post to the client at the end of the way. */
  HtmlForm posted(URI page) {
    return end(page).form().orElseThrow(() -> new IllegalStateException("nothing to be posted"));
  }

  private record End(URI address, Optional<HtmlForm> form) {}

  private synchronized End end(URI page) {
    URI here = page;
    HttpResponse<String> answer = client.get(here);
    boolean passwordSent = false;
    for (int step = 0; step < MOST_STEPS; step++) {
      Optional<String> location = answer.headers().firstValue("location");
      if (location.isPresent()) {
        here = here.resolve(location.get());
        if (!sameOrigin(page, here)) {
          return new End(here, Optional.empty());
        }
        answer = client.get(here);
        continue;
      }
      Optional<HtmlForm> any = HtmlForm.in(answer.body());
      Optional<HtmlForm> form = any.filter(this::understood);
      boolean passwordAsked = form.filter(FormLogin::login).isPresent();
      if (answer.statusCode() != 200 || (passwordSent && passwordAsked)) {
        throw new IllegalStateException(person + " was refused: " + HtmlForm.text(answer.body()));
      }
      if (form.isEmpty()) {
        return new End(here, any);
      }
      passwordSent |= passwordAsked;
      here = here.resolve(form.get().action());
      answer = client.post(here, filled(form.get()));
    }
    throw new IllegalStateException("No end after " + MOST_STEPS + " steps: " + here.getPath());
  }

  private static boolean login(HtmlForm form) {
    return form.inputs().containsKey("username");
  }

  private boolean understood(HtmlForm form) {
    return login(form)
        || form.inputs().containsKey(USER_CODE)
        || form.inputs().containsKey(whenAskedToAgree);
  }

  private Map<String, String> filled(HtmlForm form) {
    Map<String, String> fields = new LinkedHashMap<>(form.inputs());
    if (login(form)) {
      fields.put("username", person.username());
      fields.put("password", person.password());
    } else if (fields.containsKey(USER_CODE)) {
      fields.put(USER_CODE, userCode);
    } else {
      fields.remove(whenAskedToAgree.equals("accept") ? "cancel" : "accept");
    }
    return fields;
  }

  static boolean sameOrigin(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && one.getRawAuthority().equals(other.getRawAuthority());
  }
}
