package org.tokenbroker.platform.door;

import java.util.List;

/** A port and what answers on it. A path that belongs to no door is answered by none. */
public enum Door {
  /** TLS with a required client certificate: consumers and operators. */
  WORKLOADS("/v1", "/oauth2", "/openapi"),
  /** Plain HTTP behind the ingress that ends TLS: browsers. */
  BROWSERS("/consent", "/callback", "/claim", "/static");

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes it immutable
  private final List<String> roots;

  Door(String... roots) {
    this.roots = List.of(roots);
  }

  /**
   * @param path normalized: no dot segments, no doubled slash
   */
  public boolean answers(String path) {
    for (String root : roots) {
      if (path.startsWith(root)
          && (path.length() == root.length() || path.charAt(root.length()) == '/')) {
        return true;
      }
    }
    return false;
  }

  static Door of(boolean tls) {
    return tls ? WORKLOADS : BROWSERS;
  }
}
