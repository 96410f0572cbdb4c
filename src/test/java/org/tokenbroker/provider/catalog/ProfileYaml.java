package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.tokenbroker.platform.outbound.AddressRules;
import org.tokenbroker.provider.Profile;

/** Profiles as YAML, and what the reader makes of them where only public hosts are in reach. */
final class ProfileYaml {
  /** A profile that leaves out all it can. */
  static final String LEAST =
      """
      id: acme
      name: Acme
      endpoints:
        token: https://as.example/token
      grants: [client_credentials]
      client_authentication: [client_secret_basic]
      """;

  /** A profile with an endpoint for each purpose. */
  static final String WHOLE =
      """
      id: acme
      name: Acme
      endpoints:
        authorize: https://as.example/authorize
        token: https://as.example/token
        revoke: https://as.example/revoke
        introspect: https://as.example/introspect
      grants: [authorization_code]
      client_authentication: [client_secret_post]
      """;

  private ProfileYaml() {}

  static Profile accepted(String yaml) {
    return assertThat(
            new ProfileReader(false, AddressRules.publicOnly()::allowHost).read("acme.yaml", yaml))
        .asInstanceOf(InstanceOfAssertFactories.type(Reading.Accepted.class))
        .actual()
        .profile();
  }

  static List<String> violations(String yaml) {
    return switch (new ProfileReader(false, AddressRules.publicOnly()::allowHost)
        .read("acme.yaml", yaml)) {
      case Reading.Accepted accepted -> List.of();
      case Reading.Refused(List<Violation> violations) ->
          violations.stream().map(Violation::toString).toList();
    };
  }
}
