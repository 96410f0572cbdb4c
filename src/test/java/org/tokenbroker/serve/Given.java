package org.tokenbroker.serve;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.platform.identity.PeerIdentity;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** Connections, tokens and consumers of serving tests. */
final class Given {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final Duration HOUR = Duration.ofHours(1);
  static final ConnectionId ID = new ConnectionId("acme-1");
  static final TenantId ACME = new TenantId("acme");
  static final TenantId OTHER_TENANT = new TenantId("other");
  static final RegistrationId REGISTRATION = new RegistrationId("crm-production");
  static final Consumer CART = consumer("spiffe://example.org/ns/shop/sa/cart");
  static final Consumer STRANGER = consumer("spiffe://example.org/ns/shop/sa/stranger");

  private Given() {}

  static Consumer consumer(String identity) {
    return new Consumer(PeerIdentity.parse(identity).orElseThrow());
  }

  static Health active() {
    return new Health.Active(NOON.minus(HOUR));
  }

  static Health ailing() {
    return new Health.Ailing(Ailment.PROVIDER_UNREACHABLE, 3, NOON.minus(HOUR));
  }

  static Health needsConsent() {
    return new Health.NeedsConsent(ConsentCause.REFUSED_BY_PROVIDER, NOON.minus(HOUR));
  }

  static Connection connection(Health health) {
    return connection(ACME, health, NOON.minus(Duration.ofDays(10)));
  }

  static Connection connection(TenantId tenant, Health health, Instant createdAt) {
    return new Connection(
        ID,
        Optional.of(tenant),
        REGISTRATION,
        "crm",
        GrantType.AUTHORIZATION_CODE,
        Scopes.of("read", "write"),
        health,
        Optional.empty(),
        Optional.empty(),
        Map.of("administration", "7"),
        Map.of(),
        createdAt,
        createdAt);
  }

  static Connection holding(Connection connection, AccessToken token) {
    return new Connection(
        connection.id(),
        connection.tenant(),
        connection.registration(),
        connection.provider(),
        connection.grant(),
        connection.requested(),
        connection.health(),
        Optional.of(new Held(token.generation(), token.lifetime(), token.scopes())),
        connection.dueAt(),
        connection.metadata(),
        connection.facts(),
        connection.createdAt(),
        connection.updatedAt());
  }

  static Connection in(Health health, Connection connection) {
    return of(connection.tenant(), health, connection);
  }

  static Connection unclaimed(Connection connection) {
    return of(Optional.empty(), new Health.Unclaimed(NOON), connection);
  }

  private static Connection of(Optional<TenantId> tenant, Health health, Connection connection) {
    return new Connection(
        connection.id(),
        tenant,
        connection.registration(),
        connection.provider(),
        connection.grant(),
        connection.requested(),
        health,
        connection.held(),
        connection.dueAt(),
        connection.metadata(),
        connection.facts(),
        connection.createdAt(),
        connection.updatedAt());
  }

  /** Of an hour, with that much of it left at noon. */
  static AccessToken token(long generation, Duration left) {
    return token(generation, HOUR, left);
  }

  static AccessToken token(long generation, Duration life, Duration left) {
    Instant end = NOON.plus(left);
    return new AccessToken(
        Secret.of("access-token-" + generation),
        "Bearer",
        Scopes.of("read"),
        new Lifetime(end.minus(life), end),
        new Generation(generation));
  }

  /** An API key, and the connection that holds it. */
  static ApiKey key(long generation) {
    return new ApiKey(
        Secret.of("api-key-" + generation), Scopes.of("read"), new Generation(generation));
  }

  static Connection keyed(Health health, ApiKey key) {
    Connection connection = connection(health);
    return new Connection(
        connection.id(),
        connection.tenant(),
        connection.registration(),
        connection.provider(),
        GrantType.API_KEY,
        key.scopes(),
        health,
        Optional.empty(),
        key.generation(),
        Optional.empty(),
        Optional.empty(),
        connection.metadata(),
        connection.facts(),
        connection.createdAt(),
        connection.updatedAt());
  }

  /** Everything, keys too. */
  static AccessRule exporting(Consumer consumer) {
    return new AccessRule(
        new AccessRuleId("exporting"),
        consumer,
        new AccessRule.Selector.OneConnection(ID),
        new AccessRule.Allowance.Everything(),
        true);
  }

  static AccessRule rule(Consumer consumer, AccessRule.Selector selector) {
    return new AccessRule(
        new AccessRuleId("rule"), consumer, selector, new AccessRule.Allowance.Everything());
  }
}
