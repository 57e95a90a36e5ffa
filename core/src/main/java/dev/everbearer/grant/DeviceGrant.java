package dev.everbearer.grant;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a person grants on another device (RFC 8628): for programs without a browser. The login
 * happens when somebody asks for a token and none can be had without it.
 */
public final class DeviceGrant extends InteractiveGrant<DeviceGrant> {

  DeviceGrant(Request request, String subject) {
    super(request, subject);
  }

  @Override
  DeviceGrant with(Request newRequest, String newSubject) {
    return new DeviceGrant(newRequest, newSubject);
  }

  @Override
  public String grantType() {
    return "urn:ietf:params:oauth:grant-type:device_code";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DeviceGrant that
        && request().equals(that.request())
        && subject().equals(that.subject());
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), subject());
  }
}
