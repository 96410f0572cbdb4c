package org.tokenbroker.provider.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.hibernate.reactive.mutiny.Mutiny.SelectionQuery;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.Registrations;
import org.tokenbroker.token.RegistrationId;

/** Registrations in PostgreSQL, by Hibernate Reactive. */
@ApplicationScoped
public class PgRegistrations implements Registrations {
  private static final String PUT =
      """
      INSERT INTO registration (id, profile, name, purpose, contacts, client_authentication, scopes, redirect_uris,
                                variables, token_parameters, authorize_parameters, tls_configuration, grant_types, secrets_held, version, created_at, updated_at)
      VALUES (:id, :profile, :name, :purpose, :contacts, :authentication, :scopes, :redirectUris,
              :variables, :tokenParameters, :authorizeParameters, NULLIF(:tlsConfiguration, ''), :grants, :held, 1, :now, :now)
      ON CONFLICT (id) DO UPDATE SET
        profile = EXCLUDED.profile, name = EXCLUDED.name, purpose = EXCLUDED.purpose, contacts = EXCLUDED.contacts,
        client_authentication = EXCLUDED.client_authentication, scopes = EXCLUDED.scopes, redirect_uris = EXCLUDED.redirect_uris,
        variables = EXCLUDED.variables, token_parameters = EXCLUDED.token_parameters,
        authorize_parameters = EXCLUDED.authorize_parameters, tls_configuration = EXCLUDED.tls_configuration,
        grant_types = EXCLUDED.grant_types, secrets_held = EXCLUDED.secrets_held, fault = NULL, fault_since = NULL, probe_at = NULL,
        version = registration.version + 1, updated_at = EXCLUDED.updated_at
      RETURNING\s"""
          + RegistrationRow.COLUMNS;

  private static final String DEPENDENTS =
      """
      SELECT EXISTS (SELECT FROM connection WHERE registration = :id)
          OR EXISTS (SELECT FROM revocation WHERE registration = :id)""";

  private static final String FAULTY =
      """
      UPDATE registration SET fault = :fault, fault_since = COALESCE(fault_since, :now), probe_at = :probeAt
      WHERE id = :id RETURNING\s"""
          + RegistrationRow.COLUMNS;

  private static final String ACCEPTED =
      """
      UPDATE registration SET fault = NULL, fault_since = NULL, probe_at = NULL, updated_at = :now
      WHERE id = :id AND fault IS NOT NULL RETURNING\s"""
          + RegistrationRow.COLUMNS;

  private final PgSessions sessions;

  PgRegistrations(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Found> find(RegistrationId id) {
    return sessions
        .withSession(session -> session.find(RegistrationRow.class, id.value()))
        .map(
            row ->
                Optional.ofNullable(row)
                    .<Found>map(found -> new Found.Yes(found.kept()))
                    .orElseGet(Found.Unknown::new))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Found.Unavailable());
  }

  @Override
  public Uni<Dependents> dependents(RegistrationId id) {
    return sessions
        .withSession(
            session ->
                session
                    .createNativeQuery(DEPENDENTS, Boolean.class)
                    .setParameter("id", id.value())
                    .getSingleResult())
        .map(some -> some ? Dependents.SOME : Dependents.NONE)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Dependents.UNAVAILABLE);
  }

  @Override
  public Uni<Listing> list(Optional<String> profile, Optional<RegistrationId> after, int limit) {
    return sessions
        .withSession(
            session ->
                session
                    .createSelectionQuery(
                        "from RegistrationRow where (:profile = '' or profile = :profile) and id > :after order by id",
                        RegistrationRow.class)
                    .setParameter("profile", profile.orElse(""))
                    .setParameter("after", after.map(RegistrationId::value).orElse(""))
                    .setMaxResults(limit + 1)
                    .getResultList())
        .<Listing>map(
            rows ->
                new Listing.Page(
                    rows.stream().limit(limit).map(RegistrationRow::kept).toList(),
                    rows.size() > limit))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Listing.Unavailable());
  }

  @Override
  public Uni<Changed> put(Registration registration, Set<SecretKind> held, Instant now) {
    return change(
        PUT,
        query ->
            query
                .setParameter("id", registration.id().value())
                .setParameter("profile", registration.profile())
                .setParameter("name", registration.name())
                .setParameter("purpose", registration.purpose())
                .setParameter("contacts", registration.contacts().toArray(String[]::new))
                .setParameter("authentication", registration.authentication().name())
                .setParameter("scopes", registration.scopes().toString())
                .setParameter(
                    "redirectUris",
                    registration.redirectUris().stream().map(URI::toString).toArray(String[]::new))
                .setParameter(
                    "variables", TextMembers.write(registration.particulars().variables()))
                .setParameter(
                    "tokenParameters",
                    TextMembers.write(registration.particulars().tokenParameters()))
                .setParameter(
                    "authorizeParameters",
                    TextMembers.write(registration.particulars().authorizeParameters()))
                .setParameter(
                    "tlsConfiguration", registration.particulars().tlsConfiguration().orElse(""))
                .setParameter(
                    "grants",
                    registration.particulars().grants().stream()
                        .map(Enum::name)
                        .sorted()
                        .toArray(String[]::new))
                .setParameter(
                    "held", held.stream().map(SecretKind::name).sorted().toArray(String[]::new))
                .setParameter("now", now));
  }

  @Override
  public Uni<Changed> delete(RegistrationId id) {
    return change(
        "DELETE FROM registration WHERE id = :id RETURNING " + RegistrationRow.COLUMNS,
        query -> query.setParameter("id", id.value()));
  }

  @Override
  public Uni<Changed> faulty(
      RegistrationId id, RegistrationFault fault, Instant now, Duration probeAfter) {
    return change(
        FAULTY,
        query ->
            query
                .setParameter("id", id.value())
                .setParameter("fault", fault.name())
                .setParameter("now", now)
                .setParameter("probeAt", now.plus(probeAfter)));
  }

  @Override
  public Uni<Changed> accepted(RegistrationId id, Instant now) {
    return change(ACCEPTED, query -> query.setParameter("id", id.value()).setParameter("now", now));
  }

  private Uni<Changed> change(
      String sql, UnaryOperator<SelectionQuery<RegistrationRow>> parameters) {
    return sessions
        .withTransaction(
            session ->
                parameters
                    .apply(session.createNativeQuery(sql, RegistrationRow.class))
                    .getResultList())
        .map(PgRegistrations::changed)
        .onFailure(PgFailures::isForeignKeyViolation)
        .recoverWithItem(new Changed.InUse())
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Changed.Unavailable());
  }

  private static Changed changed(List<RegistrationRow> rows) {
    return rows.isEmpty()
        ? new Changed.Unknown()
        : new Changed.Done(rows.getFirst().kept(), rows.getFirst().version == 1);
  }
}
