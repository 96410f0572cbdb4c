package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.serve.Given.ACME;
import static org.tokenbroker.serve.Given.CART;
import static org.tokenbroker.serve.Given.ID;
import static org.tokenbroker.serve.Given.OTHER_TENANT;
import static org.tokenbroker.serve.Given.REGISTRATION;
import static org.tokenbroker.serve.Given.STRANGER;
import static org.tokenbroker.serve.Given.active;
import static org.tokenbroker.serve.Given.connection;
import static org.tokenbroker.serve.Given.consumer;
import static org.tokenbroker.serve.Given.rule;
import static org.tokenbroker.serve.Given.unclaimed;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.serve.AccessRule.Allowance;
import org.tokenbroker.serve.AccessRule.Selector;
import org.tokenbroker.serve.AccessRules.Decision;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;

@Requirement("G-11")
class AccessRulesTest {
  private static final Scopes READ = Scopes.of("read");
  private static final Connection OF_ACME = connection(active());
  private static final Connection OF_OTHER =
      connection(OTHER_TENANT, active(), OF_ACME.createdAt());

  static List<Selector> selectingAcme() {
    return List.of(
        new Selector.OneConnection(ID),
        new Selector.OfTenant(ACME),
        new Selector.OfRegistration(REGISTRATION),
        new Selector.OfTenantAndRegistration(ACME, REGISTRATION));
  }

  static List<Selector> missingAcme() {
    RegistrationId beta = new RegistrationId("crm-beta");
    return List.of(
        new Selector.OneConnection(new ConnectionId("acme-10")),
        new Selector.OfTenant(OTHER_TENANT),
        new Selector.OfRegistration(beta),
        new Selector.OfTenantAndRegistration(OTHER_TENANT, REGISTRATION),
        new Selector.OfTenantAndRegistration(ACME, beta));
  }

  @Test
  void withoutRulesEverythingIsDenied() {
    assertThat(AccessRules.of(List.of()).decide(CART, OF_ACME, READ, Scopes.none()))
        .isEqualTo(Decision.NO_RULE);
  }

  @ParameterizedTest
  @MethodSource("selectingAcme")
  void aRuleAllowsItsConsumerWhatItSelects(Selector selector) {
    AccessRules rules = AccessRules.of(List.of(rule(CART, selector)));

    assertThat(rules.decide(CART, OF_ACME, READ, Scopes.none())).isEqualTo(Decision.ALLOWED);
    assertThat(rules.decide(STRANGER, OF_ACME, READ, Scopes.none())).isEqualTo(Decision.NO_RULE);
  }

  @ParameterizedTest
  @MethodSource("missingAcme")
  void aRuleAllowsNothingElse(Selector selector) {
    AccessRules rules = AccessRules.of(List.of(rule(CART, selector)));

    assertThat(rules.decide(CART, OF_ACME, READ, Scopes.none())).isEqualTo(Decision.NO_RULE);
  }

  @ParameterizedTest
  @MethodSource("selectingAcme")
  @Requirement("BE-4")
  void whatNobodyHasClaimedIsMatchedByNoRule(Selector selector) {
    AccessRules rules = AccessRules.of(List.of(rule(CART, selector)));

    assertThat(rules.decide(CART, unclaimed(OF_ACME), READ, Scopes.none()))
        .isEqualTo(Decision.NO_RULE);
  }

  @Test
  @Requirement("E6")
  void aKeyLeavesOnlyWhereARuleSaysSo() {
    Connection key = Given.keyed(active(), Given.key(1));
    Selector selector = new Selector.OfTenant(ACME);
    AccessRule tokens = rule(CART, selector);
    AccessRule keys = new AccessRule(id("k"), CART, selector, only("read"), true);

    assertThat(AccessRules.of(List.of(tokens)).decide(CART, key, READ, Scopes.none()))
        .isEqualTo(Decision.KEY_NOT_EXPORTED);
    assertThat(AccessRules.of(List.of(keys)).decide(CART, key, READ, Scopes.none()))
        .isEqualTo(Decision.ALLOWED);
    assertThat(AccessRules.of(List.of(keys)).decide(CART, OF_ACME, READ, Scopes.none()))
        .isEqualTo(Decision.ALLOWED);
  }

  @Test
  @Requirement("E6")
  void theScopesOfARuleThatLetsNoKeyOutDoNotCountForKeys() {
    Connection key = Given.keyed(active(), Given.key(1));
    Selector selector = new Selector.OfTenant(ACME);
    AccessRules rules =
        AccessRules.of(
            List.of(
                rule(CART, selector),
                new AccessRule(id("k"), CART, selector, only("write"), true)));

    assertThat(rules.decide(CART, key, READ, Scopes.none()))
        .isEqualTo(Decision.SCOPES_BEYOND_RULES);
  }

  @Test
  @Requirement("MO-14")
  void aConsumerOfOneTenantIsDeniedTheOthersToken() {
    AccessRules rules =
        AccessRules.of(
            List.of(
                rule(CART, new Selector.OfTenant(ACME)),
                rule(STRANGER, new Selector.OfTenantAndRegistration(OTHER_TENANT, REGISTRATION))));

    assertThat(rules.decide(CART, OF_OTHER, READ, Scopes.none())).isEqualTo(Decision.NO_RULE);
    assertThat(rules.decide(STRANGER, OF_ACME, READ, Scopes.none())).isEqualTo(Decision.NO_RULE);
    assertThat(rules.decide(STRANGER, OF_OTHER, READ, Scopes.none())).isEqualTo(Decision.ALLOWED);
  }

  @Test
  @Requirement("E3")
  void consumersAreComparedAsAWhole() {
    AccessRules rules =
        AccessRules.of(
            List.of(rule(consumer("spiffe://example.org/ns/shop"), new Selector.OfTenant(ACME))));

    for (String near :
        List.of(
            "spiffe://example.org/ns/shop/sa/cart",
            "spiffe://example.org/ns",
            "spiffe://example.org/ns/shop2",
            "spiffe://example.org/NS/shop",
            "dns:example.org")) {
      assertThat(rules.decide(consumer(near), OF_ACME, READ, Scopes.none()))
          .as(near)
          .isEqualTo(Decision.NO_RULE);
    }
  }

  @Test
  void aTokenThatCarriesMoreThanTheRulesAllowIsDenied() {
    AccessRules rules = AccessRules.of(List.of(limited("read")));

    assertThat(rules.decide(CART, OF_ACME, Scopes.of("read"), Scopes.none()))
        .isEqualTo(Decision.ALLOWED);
    assertThat(rules.decide(CART, OF_ACME, Scopes.of("read", "write"), Scopes.none()))
        .isEqualTo(Decision.SCOPES_BEYOND_RULES);
  }

  @Test
  void aTokenWhoseScopesNobodyTellsIsNotWithinAnyList() {
    AccessRules rules = AccessRules.of(List.of(limited("read")));

    assertThat(rules.decide(CART, OF_ACME, Scopes.none(), Scopes.none()))
        .isEqualTo(Decision.SCOPES_BEYOND_RULES);
  }

  @Test
  void rulesOfOneConsumerAddUp() {
    AccessRules rules = AccessRules.of(List.of(limited("read"), limited("write")));

    assertThat(rules.decide(CART, OF_ACME, Scopes.of("read", "write"), Scopes.of("write")))
        .isEqualTo(Decision.ALLOWED);
  }

  @Test
  void askingForMoreThanTheRulesAllowIsDenied() {
    AccessRules rules = AccessRules.of(List.of(limited("read")));

    assertThat(rules.decide(CART, OF_ACME, READ, Scopes.of("admin")))
        .isEqualTo(Decision.SCOPES_BEYOND_RULES);
  }

  private static AccessRule limited(String... scopes) {
    return new AccessRule(
        new AccessRuleId("only-" + String.join("-", Arrays.asList(scopes))),
        CART,
        new Selector.OfTenant(ACME),
        new Allowance.Only(Scopes.of(scopes)));
  }

  private static AccessRuleId id(String value) {
    return new AccessRuleId(value);
  }

  private static Allowance only(String scope) {
    return new Allowance.Only(Scopes.of(scope));
  }
}
