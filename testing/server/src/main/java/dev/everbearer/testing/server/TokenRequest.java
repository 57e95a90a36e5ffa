package dev.everbearer.testing.server;

/** A request to the token endpoint from a client that has proved who it is. */
record TokenRequest(RegisteredClient client, OAuthForm form) {}
