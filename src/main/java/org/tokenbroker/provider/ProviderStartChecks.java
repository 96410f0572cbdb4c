package org.tokenbroker.provider;

import java.util.List;
import java.util.stream.Stream;
import org.tokenbroker.platform.outbound.Network;
import org.tokenbroker.platform.startup.Rules;
import org.tokenbroker.platform.startup.Settings;
import org.tokenbroker.platform.startup.StartCheck;
import org.tokenbroker.platform.startup.Violation;

/** Providers are reached over TLS only, and at addresses that are a provider's. */
public final class ProviderStartChecks {
  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          StartCheck.severe(
              "provider-plain-http",
              Rules.off(
                  "token-broker.provider.allow-plain-http",
                  "lets credentials travel to providers in the clear")),
          StartCheck.severe(
              "provider-allowed-networks", ProviderStartChecks::allowedNetworksAreNetworks),
          StartCheck.waivable(
              "provider-allows-own-host", ProviderStartChecks::noAllowedNetworkIsOurs));

  private static final String ALLOWED_NETWORKS = "token-broker.provider.allowed-networks";

  private ProviderStartChecks() {}

  private static List<Violation> allowedNetworksAreNetworks(Settings settings) {
    return settings.list(ALLOWED_NETWORKS).stream()
        .filter(text -> Network.parse(text).isEmpty())
        .map(
            text ->
                new Violation(
                    ALLOWED_NETWORKS,
                    "lists '" + text + "', which is no network",
                    "list networks like " + Network.EXAMPLES))
        .toList();
  }

  private static List<Violation> noAllowedNetworkIsOurs(Settings settings) {
    List<Network> ours =
        Stream.of("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fe80::/10")
            .flatMap(text -> Network.parse(text).stream())
            .toList();
    return settings.list(ALLOWED_NETWORKS).stream()
        .flatMap(text -> Network.parse(text).stream())
        .filter(network -> ours.stream().anyMatch(network::overlaps))
        .map(
            network ->
                new Violation(
                    ALLOWED_NETWORKS,
                    "lists "
                        + network
                        + ", which holds loopback or link-local addresses: this"
                        + " replica's own ports, the cloud's metadata service",
                    "list only the networks of providers"))
        .toList();
  }
}
