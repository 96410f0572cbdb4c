package org.tokenbroker.provider.http;

/** What is asked of a provider. */
enum Operation {
  TOKEN("token", "endpoints.token"),
  REFRESH("token", "endpoints.refresh"),
  REVOKE("revoke", "endpoints.revoke"),
  INTROSPECT("introspect", "endpoints.introspect"),
  POST_CONNECT("post_connect", "post_connect.url"),
  DISCOVERY("discovery", "issuer");

  private final String label;
  private final String field;

  Operation(String label, String field) {
    this.label = label;
    this.field = field;
  }

  /** Value of the metrics' label {@code operation}. */
  String label() {
    return label;
  }

  /** Field of the profile that says where it goes. */
  String field() {
    return field;
  }
}
