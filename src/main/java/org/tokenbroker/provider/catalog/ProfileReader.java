package org.tokenbroker.provider.catalog;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.tokenbroker.provider.Profile;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads one profile file strictly: a field that is unknown, of the wrong type or out of its bounds
 * refuses the whole file, and all of them are named at once.
 */
public final class ProfileReader {
  /** A profile is a page of text; anything larger is not one. */
  private static final int SIZE_LIMIT = 64 * 1024;

  private final boolean plainHttpAllowed;
  private final Predicate<String> inReach;

  /**
   * @param plainHttpAllowed whether {@code http} URLs are accepted: in the sandbox only
   * @param inReach whether the host of a URL may be called, as far as it tells by itself (C24)
   */
  public ProfileReader(boolean plainHttpAllowed, Predicate<String> inReach) {
    this.plainHttpAllowed = plainHttpAllowed;
    this.inReach = inReach;
  }

  /**
   * @param file name for messages
   */
  public Reading read(String file, String yaml) {
    if (yaml.length() > SIZE_LIMIT) {
      return refused(new Violation(file, 1, 1, "", "is larger than 64 KiB"));
    }
    Node top;
    try {
      top = compose(yaml);
    } catch (MarkedYAMLException notYaml) {
      return refused(Violation.at(file, notYaml.getProblemMark(), "", "is not valid YAML here"));
    } catch (YAMLException notYaml) {
      return refused(new Violation(file, 1, 1, "", "is not valid YAML"));
    }
    if (top == null) {
      return refused(new Violation(file, 1, 1, "", "holds no profile"));
    }
    if (!(top instanceof MappingNode)) {
      return refused(Violation.at(file, top.getStartMark(), "", "must be a mapping of fields"));
    }
    List<Violation> violations = new ArrayList<>();
    Profile profile;
    try (YamlFields fields = new YamlFields(file, "", top, violations::add)) {
      profile = new ProfileFields(plainHttpAllowed, inReach).profile(fields);
    }
    violations.sort(Comparator.comparingInt(Violation::line).thenComparingInt(Violation::column));
    return violations.isEmpty()
        ? new Reading.Accepted(profile)
        : new Reading.Refused(List.copyOf(violations));
  }

  @SuppressWarnings("NullAway") // compose answers null for an empty document
  private static Node compose(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(10);
    options.setMaxAliasesForCollections(0);
    return new Yaml(options).compose(new StringReader(yaml));
  }

  private static Reading refused(Violation violation) {
    return new Reading.Refused(List.of(violation));
  }
}
