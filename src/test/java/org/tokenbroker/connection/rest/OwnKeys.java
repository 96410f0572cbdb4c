package org.tokenbroker.connection.rest;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;
import org.tokenbroker.provider.rest.ManagementOnly;

/** The whole broker on real stores, of an operator whose own tenant is {@code own}. */
public final class OwnKeys implements QuarkusTestProfile {
  static final String OWN = "own";

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(ManagementOnly.Surroundings.class));
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("token-broker.connection.own-tenants", OWN);
  }
}
