package dev.everbearer.jose;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes signed JWTs in compact form (RFC 7515 section 7.1). */
public final class JwtSigner {

  private JwtSigner() {}

  /**
   * Writes one.
   *
   * @param type the {@code typ}; null leaves it out
   * @param keyId the {@code kid}; null leaves it out
   * @param claims strings, numbers, booleans, lists and maps
   * @param signature gives the signature, in JWS form, of what it is handed
   */
  public static String compact(
      @Nullable String type,
      SignatureAlgorithm algorithm,
      @Nullable String keyId,
      Map<String, ?> claims,
      UnaryOperator<byte[]> signature) {
    Map<String, Object> header = new LinkedHashMap<>();
    putIfPresent(header, "typ", type);
    header.put("alg", algorithm.wireName());
    putIfPresent(header, "kid", keyId);
    return compact(header, claims, signature);
  }

  /** Writes one with any header. */
  public static String compact(
      Map<String, ?> header, Map<String, ?> claims, UnaryOperator<byte[]> signature) {
    String input = encode(header) + "." + encode(claims);
    byte[] signed = signature.apply(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64Url.encode(signed);
  }

  private static void putIfPresent(
      Map<String, Object> header, String name, @Nullable String value) {
    if (value != null) {
      header.put(name, value);
    }
  }

  private static String encode(Map<String, ?> json) {
    return Base64Url.encode(JSONObjectUtils.toJSONString(json).getBytes(StandardCharsets.UTF_8));
  }
}
