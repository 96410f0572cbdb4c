package org.tokenbroker.provider;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a registration fills into its profile's URLs. Pure. */
public final class Variables {
  private static final Pattern SCHEME = Pattern.compile("^https://");

  private Variables() {}

  /**
   * What is wrong with a registration's variables, by the name of the variable; empty where all is
   * well.
   */
  public static Map<String, String> flaws(Profile profile, Map<String, String> given) {
    Map<String, String> flaws = new LinkedHashMap<>();
    given.keySet().stream()
        .filter(name -> !profile.variables().containsKey(name))
        .forEach(name -> flaws.put(name, "is not a variable of the profile; remove it"));
    profile
        .variables()
        .forEach(
            (name, variable) -> {
              Optional<String> value = Optional.ofNullable(given.get(name)).or(variable::unless);
              if (value.isEmpty() && variable.isRequired()) {
                flaws.put(name, "must be given: " + variable.rule());
              } else if (value.isPresent() && !variable.allows(value.get())) {
                flaws.put(name, variable.rule());
              }
            });
    if (flaws.isEmpty()) {
      flaws.putAll(hostFlaws(profile, complete(profile, given)));
    }
    return flaws;
  }

  private static Map<String, String> hostFlaws(Profile profile, Map<String, String> values) {
    Map<String, String> flaws = new LinkedHashMap<>();
    urlsByField(profile, values).values().stream()
        .filter(url -> !url.variables().isEmpty())
        .filter(url -> !isAllowed(url.fill(values), profile))
        .flatMap(url -> url.variables().stream())
        .forEach(name -> flaws.put(name, hostRule(profile)));
    return flaws;
  }

  private static String hostRule(Profile profile) {
    return profile.hosts().contains("*")
        ? "must lead to a host: a name, or an address as everybody reads it"
        : "must lead to " + String.join(" or ", profile.hosts());
  }

  /** Without a list, no variable stands in a host. */
  private static boolean isAllowed(String url, Profile profile) {
    return profile.hosts().isEmpty()
        || Optional.ofNullable(URI.create(url).getHost())
            .filter(host -> isAllowed(host, profile.hosts().stream()))
            .isPresent();
  }

  /** Whether a host is one of these, written as in {@link Profile#hosts()}. */
  public static boolean isAllowed(String host, Stream<String> hosts) {
    String wanted = host.toLowerCase(Locale.ROOT);
    return hosts.anyMatch(allowed -> covers(allowed, wanted));
  }

  private static boolean covers(String allowed, String host) {
    return allowed.equals("*")
        || (allowed.startsWith("*.") ? isChild(host, allowed.substring(1)) : host.equals(allowed));
  }

  private static boolean isChild(String host, String suffix) {
    return host.endsWith(suffix)
        && host.length() > suffix.length()
        && host.indexOf('.') == host.length() - suffix.length();
  }

  /**
   * The templates that are called as URLs, by their field in the profile.
   *
   * @param values what variables stand for; a URL that lacks one is not there
   */
  static Map<String, UrlTemplate> urlsByField(Profile profile, Map<String, String> values) {
    Profile.Endpoints endpoints = profile.endpoints();
    Map<String, UrlTemplate> urls = new LinkedHashMap<>();
    profile.issuer().ifPresent(url -> urls.put("issuer", url));
    endpoints.authorize().ifPresent(url -> urls.put("endpoints.authorize", url));
    endpoints.token().ifPresent(url -> urls.put("endpoints.token", url));
    endpoints.refresh().ifPresent(url -> urls.put("endpoints.refresh", url));
    endpoints.revoke().ifPresent(url -> urls.put("endpoints.revoke", url));
    endpoints.introspect().ifPresent(url -> urls.put("endpoints.introspect", url));
    profile.postConnect().ifPresent(wanted -> urls.put("post_connect.url", wanted.url()));
    urls.values().removeIf(url -> !url.isFilledBy(values));
    return urls;
  }

  /** What a connection's public facts fill in ({@code callback.variables}). */
  static Map<String, String> told(Profile profile, Map<String, String> facts) {
    Map<String, String> told = new LinkedHashMap<>();
    profile.callback().variables().stream()
        .filter(facts::containsKey)
        .forEach(name -> told.put(name, SCHEME.matcher(facts.get(name)).replaceFirst("")));
    return told;
  }

  /** The registration's values, and the profile's where it gives none. */
  static Map<String, String> complete(Profile profile, Map<String, String> given) {
    Map<String, String> values = new LinkedHashMap<>(given);
    profile
        .variables()
        .forEach((name, variable) -> variable.unless().ifPresent(v -> values.putIfAbsent(name, v)));
    return values;
  }
}
