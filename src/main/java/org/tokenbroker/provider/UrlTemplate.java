package org.tokenbroker.provider;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL, or another text, with variables written {@code {name}}.
 *
 * @param text as it stands in the profile
 */
public record UrlTemplate(String text) {
  private static final Pattern AUTHORITY = Pattern.compile("(?<=://)[^/?#]*");
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z][a-z0-9_]{0,31})}");

  public Set<String> variables() {
    Set<String> names = new LinkedHashSet<>();
    Matcher found = VARIABLE.matcher(text);
    while (found.find()) {
      names.add(found.group(1));
    }
    return names;
  }

  /** Whether there is a value for each variable. */
  public boolean isFilledBy(Map<String, String> values) {
    return values.keySet().containsAll(variables());
  }

  /**
   * @param values one for each of {@link #variables()}, allowed by its {@link Variable}
   * @throws IllegalArgumentException where one is missing
   */
  public String fill(Map<String, String> values) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            found -> {
              if (!values.containsKey(found.group(1))) {
                throw new IllegalArgumentException("a variable has no value: " + found.group(1));
              }
              return Matcher.quoteReplacement(values.getOrDefault(found.group(1), ""));
            });
  }

  /** Those that decide which host it leads to. */
  public Set<String> hostVariables() {
    Matcher authority = AUTHORITY.matcher(text);
    return authority.find() ? new UrlTemplate(authority.group()).variables() : Set.of();
  }

  /** With each variable replaced by the same text: what the URL looks like. */
  public String sample(String value) {
    return VARIABLE.matcher(text).replaceAll(Matcher.quoteReplacement(value));
  }

  @Override
  public String toString() {
    return text;
  }
}
