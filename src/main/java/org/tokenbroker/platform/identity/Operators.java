package org.tokenbroker.platform.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The callers that may use the management API; exact matches only (E3). */
@ApplicationScoped
public class Operators {
  private final Set<PeerIdentity> identities;

  @Inject
  Operators(OperatorsConfig config) {
    this(config.identities().orElse(List.of()));
  }

  /**
   * @throws IllegalArgumentException if one of them is not in a form of {@link PeerIdentity}
   */
  public Operators(Collection<String> identities) {
    this.identities =
        identities.stream().map(Operators::identity).collect(Collectors.toUnmodifiableSet());
  }

  public boolean contains(PeerIdentity caller) {
    return identities.contains(caller);
  }

  private static PeerIdentity identity(String text) {
    return PeerIdentity.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "token-broker.operators: '"
                        + text
                        + "' is no identity; write "
                        + PeerIdentity.FORMS));
  }
}
