package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokenbroker.fixture.Waited.value;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tokenbroker.consent.Invitations.Outcome;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.ClientLookup.Gap;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.token.Secret;

class LinkInvitationsTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final Scene scene = new Scene();

  @Test
  void aLinkCarriesATicketOfWhichOnlyTheFingerprintIsKept() {
    Invitation invitation = invited();
    String ticket = invitation.link().getPath().substring("/consent/".length());

    assertThat(invitation.link()).hasHost("broker.example");
    assertThat(invitation.expiresAt()).isEqualTo(scene.time.instant().plus(DAY));
    assertThat(RandomText.isSecretForm(ticket)).isTrue();
    assertThat(scene.tickets.tickets().keySet()).containsExactly(Fingerprint.of(Secret.of(ticket)));
    assertThat(scene.tickets.tickets().toString()).doesNotContain(ticket);
    assertThat(invitation.toString()).doesNotContain(ticket);
  }

  @Test
  void aProviderWithoutTheCodeGrantIsNotPossible() {
    ProviderClient client = Scene.client(Scene.RULES);
    scene.clients.answer(
        new ClientLookup.Ready(
            new ProviderClient(
                Scene.profile(Scene.RULES, EnumSet.of(GrantType.CLIENT_CREDENTIALS)),
                client.registration(),
                client.secrets())));

    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.NotPossible.class,
            notPossible -> assertThat(notPossible.field()).isEqualTo("registration"));
  }

  @Test
  @Requirement("IV-5")
  void aRedirectUriThatIsNotRegisteredIsNamedWithItsFix() {
    scene.clients.answer(
        new ClientLookup.Ready(
            Scene.client(Scene.RULES, List.of(URI.create("https://broker.example/callback")))));

    assertThat(outcome())
        .isEqualTo(
            new Outcome.NotPossible(
                "redirect_uris",
                "must hold https://broker.example/callback/crm, here and at the provider; or bring a code that was fetched by hand"));
  }

  @Test
  @Requirement("IV-2")
  void aRegistrationThatLeavesTheCodeGrantOutSaysSo() {
    ProviderClient client = Scene.client(Scene.RULES);
    Particulars machinesOnly =
        new Particulars(
            Map.of(), Map.of(), Map.of(), Optional.empty(), Set.of(GrantType.CLIENT_CREDENTIALS));
    Registration registration = client.registration();
    scene.clients.answer(
        new ClientLookup.Ready(
            new ProviderClient(
                client.profile(),
                new Registration(
                    registration.id(),
                    registration.profile(),
                    registration.name(),
                    registration.purpose(),
                    registration.contacts(),
                    registration.authentication(),
                    registration.signing(),
                    registration.scopes(),
                    registration.redirectUris(),
                    machinesOnly,
                    registration.health(),
                    registration.version()),
                client.secrets())));

    assertThat(outcome())
        .isEqualTo(
            new Outcome.NotPossible(
                "registration", "allows no authorization code: add it to its grant_types first"));
  }

  @Test
  void anUnknownOrIncompleteRegistrationIsNotPossible() {
    scene.clients.answer(new ClientLookup.Unknown());
    assertThat(outcome()).isInstanceOf(Outcome.NotPossible.class);

    scene.clients.answer(new ClientLookup.Incomplete(Gap.SECRETS));
    assertThat(outcome()).isInstanceOf(Outcome.NotPossible.class);
  }

  @Test
  void aStoreThatIsDownCreatesNothing() {
    scene.tickets.goDown();
    assertThat(outcome()).isEqualTo(new Outcome.Unavailable());

    scene.clients.answer(new ClientLookup.LedgerUnavailable());
    assertThat(outcome()).isEqualTo(new Outcome.Unavailable());

    assertThat(scene.tickets.tickets()).isEmpty();
  }

  @Test
  void aLinkThatCannotBeWithdrawnIsToldToTheCaller() {
    invited();
    scene.tickets.goDown();

    assertThatThrownBy(() -> value(scene.invitations.withdraw(Scene.SUBJECT.connection())))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aLifeOutsideItsRangeIsRefused() {
    assertThatThrownBy(() -> scene.invitations.invite(Scene.SUBJECT, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> scene.invitations.invite(Scene.SUBJECT, Duration.ofDays(31)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Outcome outcome() {
    return value(scene.invitations.invite(Scene.SUBJECT, DAY));
  }

  private Invitation invited() {
    return ((Outcome.Invited) outcome()).invitation();
  }
}
