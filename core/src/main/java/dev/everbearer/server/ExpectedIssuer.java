package dev.everbearer.server;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a server calls itself where that is not the issuer at which its metadata are found, against
 * RFC 8414 section 3.3 and OpenID Connect Core section 3.1.3.7. Names are compared character by
 * character and never normalised. Immutable and thread-safe.
 */
public final class ExpectedIssuer {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[A-Za-z_]+}");
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]+");

  private final String inMetadata;
  private final Set<String> issuers;

  private ExpectedIssuer(String inMetadata, Set<String> issuers) {
    this.inMetadata = inMetadata;
    this.issuers = issuers;
  }

  /**
   * A server that calls itself so everywhere.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static ExpectedIssuer of(String issuer) {
    if (issuer.isEmpty()) {
      throw new IllegalArgumentException("The expected issuer is empty.");
    }
    return new ExpectedIssuer(issuer, Set.of(issuer));
  }

  /**
   * A server of many tenants, whose metadata name a template and whose tokens name a tenant.
   * Whoever has a tenant there can have tokens made, so only those of the named tenants are taken.
   *
   * @param template as the metadata spell it, such as {@code
   *     https://login.microsoftonline.com/{tenantid}/v2.0}
   * @param tenants what stands in the place of the braces
   * @throws IllegalArgumentException if the template has no place for a tenant or several, or no
   *     tenant is named, or one has other characters than letters, digits, dots, dashes and
   *     underscores
   */
  public static ExpectedIssuer ofTenants(String template, String... tenants) {
    Matcher place = PLACEHOLDER.matcher(template);
    if (!place.find() || place.find()) {
      throw new IllegalArgumentException(
          "A template has one place for a tenant, such as {tenantid}: " + template);
    }
    if (tenants.length == 0) {
      throw new IllegalArgumentException("Name the tenants whose tokens are taken.");
    }
    return new ExpectedIssuer(
        template,
        Arrays.stream(tenants)
            .map(tenant -> place.replaceFirst(requireTenant(tenant)))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static String requireTenant(String tenant) {
    if (!TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException("This is no name of a tenant: " + tenant);
    }
    return tenant;
  }

  /** Whether the metadata may say this of themselves. */
  public boolean isInMetadata(String issuer) {
    return inMetadata.equals(issuer);
  }

  /** Whether ID tokens and other signed answers may come from this issuer. */
  public boolean isIssuer(String issuer) {
    return issuers.contains(issuer);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExpectedIssuer that
        && inMetadata.equals(that.inMetadata)
        && issuers.equals(that.issuers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(inMetadata, issuers);
  }

  @Override
  public String toString() {
    return inMetadata;
  }
}
