package org.tokenbroker.provider.http;

import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.tokenbroker.platform.outbound.AddressGuard;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderAddresses;
import org.tokenbroker.provider.ProviderConfig;
import org.tokenbroker.provider.TokenAnswer;

/** Opens exchanges with the limits and addresses of this broker. */
@ApplicationScoped
public class Exchanges {
  private final Vertx vertx;
  private final InstantSource clock;
  private final AddressGuard addresses;
  private final ProviderConfig config;

  Exchanges(Vertx vertx, InstantSource clock, ProviderAddresses addresses, ProviderConfig config) {
    this.vertx = vertx;
    this.clock = clock;
    this.addresses = new AddressGuard(addresses.rules(), vertx);
    this.config = config;
  }

  Exchange open(Profile profile) {
    return open(profile, TokenAnswer.BODY_LIMIT);
  }

  /**
   * @param bodyLimit of the answer, in bytes
   */
  Exchange open(Profile profile, int bodyLimit) {
    return new Exchange(
        vertx,
        clock,
        addresses,
        config.connectTimeout(),
        config.timeout(),
        profile.limits().resetHeader(),
        bodyLimit);
  }
}
