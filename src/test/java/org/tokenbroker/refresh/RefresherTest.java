package org.tokenbroker.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

class RefresherTest {
  private final RefreshScene scene = RefreshScene.due();

  @Test
  @Requirement("BE-4")
  void whatNobodyHasClaimedIsKeptFreshAndStaysUnclaimed() {
    scene.tenant = Optional.empty();
    scene.health = new Health.Unclaimed(scene.time.instant());

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);

    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(scene.health).isInstanceOf(Health.Unclaimed.class);
  }

  @Test
  @Requirement("BE-9")
  void whatWaitsForFactsIsKeptFreshAndGoesOnWaiting() {
    scene.looksUp = true;
    scene.health = new Health.Connecting(Hurdle.PROVIDER_UNREACHABLE, scene.time.instant());

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);

    assertThat(scene.health)
        .isEqualTo(new Health.Connecting(Hurdle.PROVIDER_UNREACHABLE, scene.time.instant()));
  }

  @Test
  void aRefreshKnowsTheScopesAskedForThoseInForceAndTheRedirectUriOfItsGrant() {
    Credential held = scene.stored();
    AccessToken token = held.accessToken().orElseThrow();
    scene.put(
        new Credential(
            held.grant(),
            Optional.of(
                new AccessToken(
                    token.value(),
                    token.type(),
                    Scopes.of("read", "granted"),
                    token.lifetime(),
                    token.generation())),
            held.refreshToken(),
            held.pending(),
            held.awaited()));

    scene.refresh();

    assertThat(scene.requests)
        .containsExactly(
            new TokenRequest.RefreshToken(
                Secret.of("rt-1"),
                Scopes.of("read"),
                Scopes.of("read", "granted"),
                RefreshScene.GRANT.redirectUri()));
  }

  @Test
  @Requirement({"MO-8", "MO-10", "C5"})
  void presentsTheRefreshTokenAsSuchAndReplacesBothTokens() {
    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);

    assertThat(scene.requests)
        .singleElement()
        .isInstanceOfSatisfying(
            TokenRequest.RefreshToken.class,
            request -> assertThat(request.refreshToken().reveal()).isEqualTo("rt-1"));
    assertThat(scene.storedAccessToken()).isEqualTo("at-2");
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(scene.generation()).isEqualTo(2);
    assertThat(scene.stored().pending()).isEmpty();
  }

  @Test
  void keepsTheOldRefreshTokenWhenTheAnswerHoldsNone() {
    scene.replies(scene.granted("at-2", Optional.empty()));

    scene.refresh();

    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
    assertThat(scene.stored().refreshTokenNumber()).isEqualTo(1);
  }

  @Test
  @Requirement("I4")
  void underTheIdOfADeletedConnectionGenerationsGoOnFromWhereTheyWere() {
    RefreshScene machine = RefreshScene.clientCredentials();
    machine.issuedBefore = new Generation(7);

    machine.refresh();

    assertThat(machine.stored().generation()).isEqualTo(new Generation(8));
    assertThat(machine.generation()).isEqualTo(8);
  }

  @Test
  void whereTheProfileSaysSoTheAccessTokenItselfIsExchangedWhileItLives() {
    scene.refreshWords = "mode: access_token";
    scene.put(withoutRefreshToken(scene.stored()));
    scene.replies(scene.granted("at-2", Optional.empty()));

    scene.refresh();

    assertThat(scene.requests)
        .singleElement()
        .isInstanceOfSatisfying(
            TokenRequest.RefreshToken.class,
            request -> assertThat(request.refreshToken().reveal()).isEqualTo("at-1"));
    assertThat(scene.storedAccessToken()).isEqualTo("at-2");

    scene.time.advance(Duration.ofHours(2));
    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Refused(ConsentCause.NO_REFRESH_TOKEN));
  }

  @Test
  @Requirement({"X-1", "X-5"})
  void publicFactsOfALaterAnswerReplaceTheEarlierOnes() {
    scene.replies(scene.grantedTelling("at-2", Map.of("api", "https://eu1", "shop", "7")));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(50));
    scene.replies(scene.grantedTelling("at-3", Map.of("api", "https://eu2")));

    scene.refresh();

    assertThat(scene.stored().facts())
        .containsExactlyInAnyOrderEntriesOf(Map.of("api", "https://eu2", "shop", "7"));
  }

  @Test
  @Requirement("C6")
  void aRefreshThatGrantsLessThanWasAskedForFlagsTheConnection() {
    scene.replies(scene.grantedOnly("write"));

    scene.refresh();

    assertThat(scene.connection().missingScopes()).isEqualTo(Scopes.of("read"));
    assertThat(scene.stored().accessToken()).map(AccessToken::scopes).contains(Scopes.of("write"));
  }

  private static Credential withoutRefreshToken(Credential credential) {
    return new Credential(
        credential.grant(),
        credential.accessToken(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aTokenWithoutLifeDoesNotReplaceOneThatLivesButItsRefreshTokenIsKept() {
    scene.replies(scene.granted("at-dead", Optional.of("rt-2"), Duration.ZERO));

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.SHORT_LIVED_ANSWER));

    assertThat(scene.storedAccessToken()).isEqualTo("at-1");
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(scene.generation()).isEqualTo(1);
  }

  @Test
  @Requirement("IV-3")
  void clientCredentialsAreAskedForAnewFromNothing() {
    RefreshScene fresh = RefreshScene.clientCredentials();

    fresh.refresh();
    fresh.time.advance(Duration.ofMinutes(45));
    fresh.replies(fresh.granted("cc-2", Optional.empty()));
    fresh.refresh();

    assertThat(fresh.requests)
        .hasSize(2)
        .allMatch(TokenRequest.ClientCredentials.class::isInstance);
    assertThat(fresh.storedAccessToken()).isEqualTo("cc-2");
    assertThat(fresh.generation()).isEqualTo(2);
  }
}
