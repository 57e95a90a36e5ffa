package dev.everbearer.wire;

/** What a request carries. Prints no value: values may be secret. */
public interface Body {

  /** The media type that it is sent as. */
  String mediaType();

  /** The text that is sent, in UTF-8. */
  String encoded();
}
