package org.tokenbroker.serve;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.serve.AccessRule.Allowance;
import org.tokenbroker.token.Scopes;

/** All access rules at one moment; immutable. */
public final class AccessRules {
  private final Map<Consumer, List<AccessRule>> byConsumer;

  private AccessRules(Map<Consumer, List<AccessRule>> byConsumer) {
    this.byConsumer = byConsumer;
  }

  public static AccessRules of(Collection<AccessRule> rules) {
    return new AccessRules(
        rules.stream().collect(groupingBy(AccessRule::consumer)).entrySet().stream()
            .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue()))));
  }

  /** Whether a consumer may have the token of a connection. */
  public enum Decision {
    ALLOWED,
    /** No rule of this consumer selects the connection. */
    NO_RULE,
    /** The connection is an API key, and no rule that selects it lets keys out (E6). */
    KEY_NOT_EXPORTED,
    /**
     * The token carries scopes that this consumer may not have, or more was asked for than it may
     * have.
     */
    SCOPES_BEYOND_RULES
  }

  /**
   * Denies by default; a connection that nobody has claimed is matched by no rule (BE-4). Where
   * several rules of the consumer select the connection, and let out what it is, it may have the
   * scopes of all of them together.
   *
   * @param carried scopes of the token that would be served
   * @param asked scopes the consumer says it needs; may be empty
   */
  public Decision decide(Consumer consumer, Connection connection, Scopes carried, Scopes asked) {
    List<AccessRule> selecting =
        byConsumer.getOrDefault(consumer, List.of()).stream()
            .filter(rule -> connection.tenant().isPresent() && rule.selector().matches(connection))
            .toList();
    if (selecting.isEmpty()) {
      return Decision.NO_RULE;
    }
    List<AccessRule> exporting =
        selecting.stream().filter(rule -> exports(rule, connection.grant())).toList();
    if (exporting.isEmpty()) {
      return Decision.KEY_NOT_EXPORTED;
    }
    return covers(exporting, carried, asked) ? Decision.ALLOWED : Decision.SCOPES_BEYOND_RULES;
  }

  private static boolean exports(AccessRule rule, GrantType grant) {
    return switch (grant) {
      case AUTHORIZATION_CODE, CLIENT_CREDENTIALS -> true;
      case API_KEY -> rule.apiKeys();
    };
  }

  private static boolean covers(List<AccessRule> selecting, Scopes carried, Scopes asked) {
    Set<String> allowed = new HashSet<>();
    for (AccessRule rule : selecting) {
      switch (rule.scopes()) {
        case Allowance.Everything everything -> {
          return true;
        }
        case Allowance.Only(Scopes some) -> allowed.addAll(some.names());
      }
    }
    return !carried.isEmpty()
        && allowed.containsAll(carried.names())
        && allowed.containsAll(asked.names());
  }
}
