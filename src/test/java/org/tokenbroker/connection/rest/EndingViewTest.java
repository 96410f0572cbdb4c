package org.tokenbroker.connection.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.EndingDesk.AtProvider;
import org.tokenbroker.connection.EndingDesk.Ended;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Term;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

class EndingViewTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Held TOKEN =
      new Held(new Generation(3), new Lifetime(NOW, NOW.plus(Duration.ofHours(1))), Scopes.none());

  @Test
  @Requirement("G-13")
  void whatIsSaidToHaveDiedIsWhatWasThere() {
    assertThat(died(agreed(true))).containsExactly("access_token", "refresh_token");
    assertThat(died(agreed(false))).containsExactly("access_token");
    assertThat(died(ofClient(Optional.of(TOKEN)))).containsExactly("access_token");
    assertThat(died(ofClient(Optional.empty()))).isEmpty();
  }

  private static List<String> died(Connection deleted) {
    return EndingView.ofDeleted(new Ended.Done(deleted, true, AtProvider.TOLD)).died();
  }

  private static Connection agreed(boolean refreshable) {
    return connection(
        GrantType.AUTHORIZATION_CODE,
        Optional.of(TOKEN),
        Optional.of(new Term(NOW, Optional.empty(), Optional.empty(), refreshable)));
  }

  private static Connection ofClient(Optional<Held> held) {
    return connection(GrantType.CLIENT_CREDENTIALS, held, Optional.empty());
  }

  private static Connection connection(GrantType grant, Optional<Held> held, Optional<Term> term) {
    return new Connection(
        new ConnectionId("acme"),
        Optional.of(new TenantId("tenant")),
        new RegistrationId("app"),
        "acme",
        grant,
        Scopes.none(),
        new Health.Active(NOW),
        held,
        new Generation(3),
        term,
        Optional.empty(),
        Map.of(),
        Map.of(),
        NOW,
        NOW);
  }
}
