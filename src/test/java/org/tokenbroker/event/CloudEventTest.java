package org.tokenbroker.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

/** What is told of an event, to the letter. */
class CloudEventTest {
  @Test
  void aConnectionThatNeedsConsentIsNamedWithItsTenantAndCause() throws JsonProcessingException {
    assertThat(told(Samples.needsConsent()))
        .isEqualTo(
            "{\"specversion\":\"1.0\",\"id\":\"6a1f3c0e-0000-4000-8000-000000000001\",\"source\":\"urn:token-broker\","
                + "\"type\":\"org.tokenbroker.connection.needs_consent\",\"subject\":\"acme-crm\",\"time\":\"2026-03-01T12:00:00Z\","
                + "\"datacontenttype\":\"application/json\",\"sequence\":\"0000000000000000042\","
                + "\"data\":{\"connection\":\"acme-crm\",\"tenant\":\"acme\",\"registration\":\"crm\",\"provider\":\"acme\","
                + "\"state\":\"needs_consent\",\"previous_state\":\"active\",\"cause\":\"refused_by_provider\"}}");
  }

  @Test
  void anEndingAgreementTellsWhenItEnds() throws JsonProcessingException {
    assertThat(told(Samples.consentExpiring()))
        .contains("\"type\":\"org.tokenbroker.connection.consent_expiring\"")
        .endsWith("\"state\":\"active\",\"consent_ends_at\":\"2026-03-15T12:00:00Z\"}}");
  }

  @Test
  @Requirement("IV-9")
  void aFaultyRegistrationIsToldWithItsNamePurposeAndContacts() throws JsonProcessingException {
    assertThat(told(Samples.faulty()))
        .contains("\"type\":\"org.tokenbroker.registration.faulty\",\"subject\":\"crm\"")
        .endsWith(
            "\"data\":{\"registration\":\"crm\",\"provider\":\"acme\",\"cause\":\"invalid_client\","
                + "\"name\":\"CRM of Acme\",\"purpose\":\"Reads orders\",\"contacts\":[\"ops@acme.example\"]}}");
  }

  private static String told(Event event) throws JsonProcessingException {
    return new ObjectMapper().writeValueAsString(CloudEvent.of(event, "urn:token-broker"));
  }
}
