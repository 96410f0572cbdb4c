package org.tokenbroker.provider.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.provider.AcceptedMetadata;
import org.tokenbroker.provider.Metadata;

/** {@link AcceptedMetadata} in PostgreSQL; each operation is one SQL statement. */
@ApplicationScoped
public class PgAcceptedMetadata implements AcceptedMetadata {
  /** Answers with what counts where it is another one, else with nothing. */
  private static final String JUDGE =
      """
      INSERT INTO discovered AS before (profile, issuer, hosts, endpoints, accepted_at)
      VALUES (:profile, :issuer, :hosts, :endpoints, :now)
      ON CONFLICT (profile, issuer) DO UPDATE SET
        hosts = CASE WHEN EXCLUDED.hosts <@ before.hosts THEN EXCLUDED.hosts ELSE before.hosts END,
        endpoints = CASE WHEN EXCLUDED.hosts <@ before.hosts THEN EXCLUDED.endpoints ELSE before.endpoints END,
        accepted_at = CASE WHEN EXCLUDED.hosts <@ before.hosts THEN EXCLUDED.accepted_at ELSE before.accepted_at END,
        refused = CASE WHEN EXCLUDED.hosts <@ before.hosts THEN NULL ELSE EXCLUDED.hosts END
      RETURNING CASE WHEN refused IS NULL THEN '' ELSE endpoints END""";

  private static final String FIND =
      "SELECT endpoints FROM discovered WHERE profile = :profile AND issuer = :issuer";

  private static final String ACCEPT =
      """
      UPDATE discovered SET hosts = refused, refused = NULL, accepted_at = :now
      WHERE profile = :profile AND issuer = :issuer AND refused IS NOT NULL""";

  private final PgSessions sessions;

  PgAcceptedMetadata(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Judged> judge(Subject subject, Metadata found, Set<String> hosts, Instant now) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(JUDGE, String.class)
                    .setParameter("profile", subject.profile())
                    .setParameter("issuer", subject.issuer())
                    .setParameter("hosts", hosts.stream().sorted().toArray(String[]::new))
                    .setParameter("endpoints", TextMembers.write(members(found)))
                    .setParameter("now", now)
                    .getSingleResult())
        .map(PgAcceptedMetadata::judged)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Judged.Unavailable());
  }

  private static Judged judged(String inForce) {
    return inForce.isEmpty()
        ? new Judged.Accepted()
        : new Judged.Moved(metadata(TextMembers.read(inForce)));
  }

  @Override
  public Uni<Optional<Metadata>> find(Subject subject) {
    return sessions
        .withSession(
            session ->
                session
                    .createNativeQuery(FIND, String.class)
                    .setParameter("profile", subject.profile())
                    .setParameter("issuer", subject.issuer())
                    .getResultList())
        .map(PgAcceptedMetadata::first)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Optional.empty());
  }

  private static Optional<Metadata> first(List<String> rows) {
    return rows.stream().findFirst().map(TextMembers::read).map(PgAcceptedMetadata::metadata);
  }

  @Override
  public Uni<Accepting> accept(Subject subject, Instant now) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(ACCEPT)
                    .setParameter("profile", subject.profile())
                    .setParameter("issuer", subject.issuer())
                    .setParameter("now", now)
                    .executeUpdate())
        .replaceWith(Accepting.DONE)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Accepting.UNAVAILABLE);
  }

  private static Map<String, String> members(Metadata found) {
    Map<String, String> members = new TreeMap<>();
    put(members, "authorize", found.authorize());
    put(members, "token", found.token());
    put(members, "revoke", found.revoke());
    put(members, "introspect", found.introspect());
    put(members, "mtls_token", found.aliases().token());
    put(members, "mtls_revoke", found.aliases().revoke());
    put(members, "mtls_introspect", found.aliases().introspect());
    members.put("iss_in_responses", Boolean.toString(found.issInResponses()));
    return members;
  }

  private static void put(Map<String, String> members, String name, Optional<URI> endpoint) {
    endpoint.ifPresent(url -> members.put(name, url.toString()));
  }

  private static Metadata metadata(Map<String, String> members) {
    return new Metadata(
        endpoint(members, "authorize"),
        endpoint(members, "token"),
        endpoint(members, "revoke"),
        endpoint(members, "introspect"),
        Boolean.parseBoolean(members.get("iss_in_responses")),
        new Metadata.Aliases(
            endpoint(members, "mtls_token"),
            endpoint(members, "mtls_revoke"),
            endpoint(members, "mtls_introspect")));
  }

  private static Optional<URI> endpoint(Map<String, String> members, String name) {
    return Optional.ofNullable(members.get(name)).map(URI::create);
  }
}
