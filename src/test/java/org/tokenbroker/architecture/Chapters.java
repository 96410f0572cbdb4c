package org.tokenbroker.architecture;

import java.util.List;

/** The chapters in reading order, and the names that their adapters may have. */
final class Chapters {
  static final String BASE = "org.tokenbroker";

  static final List<String> IN_ORDER =
      List.of("token", "safe", "event", "provider", "consent", "connection", "refresh", "serve");

  static final List<String> ADAPTERS =
      List.of(
          "vault",
          "embedded",
          "http",
          "catalog",
          "store",
          "rest",
          "page",
          "schedule",
          "oauth",
          "proxy");

  private Chapters() {}

  static String root(String chapter) {
    return BASE + "." + chapter;
  }

  static String whole(String chapter) {
    return root(chapter) + "..";
  }

  static String adapters(String chapter) {
    return root(chapter) + ".*..";
  }

  static String[] roots() {
    return IN_ORDER.stream().map(Chapters::root).toArray(String[]::new);
  }

  static String[] wholes() {
    return IN_ORDER.stream().map(Chapters::whole).toArray(String[]::new);
  }

  static String[] everyAdapterBut(String adapter) {
    return IN_ORDER.stream()
        .flatMap(
            chapter ->
                ADAPTERS.stream()
                    .filter(name -> !name.equals(adapter))
                    .map(name -> root(chapter) + "." + name + ".."))
        .toArray(String[]::new);
  }

  /** Those that {@code chapter} must not know. */
  static List<String> after(String chapter) {
    return IN_ORDER.subList(IN_ORDER.indexOf(chapter) + 1, IN_ORDER.size());
  }
}
