package org.tokenbroker.provider.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.Registration.Signing;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Registrations.Kept;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;

/** A row of table {@code registration}. Only ever read; every change is one SQL statement. */
@Entity
@Table(name = "registration")
public class RegistrationRow {
  /**
   * The columns that are read here, for a native query: Hibernate Reactive fails on a result that
   * has others, such as those of a later version's migration.
   */
  static final String COLUMNS =
      String.join(
          ", ",
          "id",
          "profile",
          "name",
          "purpose",
          "contacts",
          "client_authentication",
          "signing_algorithm",
          "signing_key_id",
          "scopes",
          "redirect_uris",
          "variables",
          "token_parameters",
          "authorize_parameters",
          "tls_configuration",
          "grant_types",
          "secrets_held",
          "fault",
          "fault_since",
          "probe_at",
          "version",
          "created_at",
          "updated_at");

  @Id String id = "";
  String profile = "";
  String name = "";
  String purpose = "";
  String[] contacts = {};

  @Column(name = "client_authentication")
  String clientAuthentication = "";

  @Column(name = "signing_algorithm")
  @Nullable String signingAlgorithm;

  @Column(name = "signing_key_id")
  @Nullable String signingKeyId;

  String scopes = "";

  @Column(name = "redirect_uris")
  String[] redirectUris = {};

  String variables = "{}";

  @Column(name = "token_parameters")
  String tokenParameters = "{}";

  @Column(name = "authorize_parameters")
  String authorizeParameters = "{}";

  @Column(name = "tls_configuration")
  @Nullable String tlsConfiguration;

  @Column(name = "grant_types")
  String[] grantTypes = {};

  @Column(name = "secrets_held")
  String[] secretsHeld = {};

  @Nullable String fault;

  @Column(name = "fault_since")
  @Nullable Instant faultSince;

  @Column(name = "probe_at")
  @Nullable Instant probeAt;

  long version;

  @Column(name = "created_at")
  Instant createdAt = Instant.EPOCH;

  @Column(name = "updated_at")
  Instant updatedAt = Instant.EPOCH;

  Kept kept() {
    return new Kept(registration(), held(), createdAt, updatedAt);
  }

  private Registration registration() {
    return new Registration(
        new RegistrationId(id),
        profile,
        name,
        purpose,
        List.of(contacts),
        ClientAuthenticationMethod.valueOf(clientAuthentication),
        signing(),
        Scopes.parse(scopes),
        Arrays.stream(redirectUris).map(URI::create).toList(),
        particulars(),
        health(),
        version);
  }

  private Particulars particulars() {
    return new Particulars(
        TextMembers.read(variables),
        TextMembers.read(tokenParameters),
        TextMembers.read(authorizeParameters),
        Optional.ofNullable(tlsConfiguration),
        Arrays.stream(grantTypes).map(GrantType::valueOf).collect(Collectors.toUnmodifiableSet()));
  }

  private Optional<Signing> signing() {
    boolean isUsed = clientAuthentication.equals(ClientAuthenticationMethod.PRIVATE_KEY_JWT.name());
    return !isUsed || signingAlgorithm == null || signingKeyId == null
        ? Optional.empty()
        : Optional.of(new Signing(signingAlgorithm, signingKeyId));
  }

  private RegistrationHealth health() {
    return fault == null || faultSince == null || probeAt == null
        ? new RegistrationHealth.Healthy()
        : new RegistrationHealth.Faulty(RegistrationFault.valueOf(fault), faultSince, probeAt);
  }

  private Set<SecretKind> held() {
    return Arrays.stream(secretsHeld)
        .map(SecretKind::valueOf)
        .collect(Collectors.toUnmodifiableSet());
  }
}
