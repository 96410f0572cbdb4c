package org.tokenbroker.platform.outbound;

import java.util.List;
import java.util.stream.Stream;
import org.tokenbroker.platform.startup.Settings;
import org.tokenbroker.platform.startup.StartCheck.Rule;
import org.tokenbroker.platform.startup.Violation;

/** What must hold of a setting that lists networks which calls may reach although not public. */
public final class NetworkRules {
  private NetworkRules() {}

  /** Each entry is a network in CIDR notation. */
  public static Rule areNetworks(String property) {
    return settings ->
        settings.list(property).stream()
            .filter(text -> Network.parse(text).isEmpty())
            .map(
                text ->
                    new Violation(
                        property,
                        "lists '" + text + "', which is no network",
                        "list networks like " + Network.EXAMPLES))
            .toList();
  }

  /** None holds loopback or link-local addresses. */
  public static Rule noneIsOurs(String property) {
    return settings -> ours(settings, property);
  }

  private static List<Violation> ours(Settings settings, String property) {
    List<Network> ours =
        Stream.of("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fe80::/10")
            .flatMap(text -> Network.parse(text).stream())
            .toList();
    return settings.list(property).stream()
        .flatMap(text -> Network.parse(text).stream())
        .filter(network -> ours.stream().anyMatch(network::overlaps))
        .map(
            network ->
                new Violation(
                    property,
                    "lists "
                        + network
                        + ", which holds loopback or link-local addresses: this"
                        + " replica's own ports, the cloud's metadata service",
                    "list only the networks that are meant"))
        .toList();
  }
}
