package org.tokenbroker.serve.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.serve.AccessRule;
import org.tokenbroker.serve.AccessRule.Allowance;
import org.tokenbroker.serve.AccessRule.Selector;
import org.tokenbroker.serve.AccessRuleId;
import org.tokenbroker.serve.AccessRuleStore;
import org.tokenbroker.serve.Consumer;

/** Access rules by Hibernate Reactive. */
@ApplicationScoped
public class PgAccessRules implements AccessRuleStore {
  private final PgSessions sessions;
  private final InstantSource time;

  PgAccessRules(PgSessions sessions, InstantSource time) {
    this.sessions = sessions;
    this.time = time;
  }

  @Override
  public Uni<AllRead> all() {
    return sessions
        .withSession(
            session ->
                session.createQuery("FROM AccessRuleRow", AccessRuleRow.class).getResultList())
        .<AllRead>map(rows -> new AllRead.Found(rules(rows)))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(AllRead.Unavailable::new);
  }

  @Override
  public Uni<OneRead> find(AccessRuleId id) {
    return sessions
        .withSession(session -> session.find(AccessRuleRow.class, id.value()))
        .<OneRead>map(row -> row == null ? new OneRead.Unknown() : new OneRead.Found(row.rule()))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(OneRead.Unavailable::new);
  }

  @Override
  public Uni<PageRead> list(Optional<Consumer> consumer, Optional<AccessRuleId> after, int limit) {
    return sessions
        .withSession(
            session ->
                session
                    .createQuery(
                        "FROM AccessRuleRow WHERE (:consumer = '' OR consumer = :consumer) AND id > :after ORDER BY id",
                        AccessRuleRow.class)
                    .setParameter("consumer", consumer.map(Consumer::toString).orElse(""))
                    .setParameter("after", after.map(AccessRuleId::value).orElse(""))
                    .setMaxResults(limit + 1)
                    .getResultList())
        .<PageRead>map(
            rows ->
                new PageRead.Page(rules(rows.stream().limit(limit).toList()), rows.size() > limit))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(PageRead.Unavailable::new);
  }

  @Override
  public Uni<Put> put(AccessRule rule) {
    Columns columns = Columns.of(rule);
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(
                        """
                        INSERT INTO access_rule (id, consumer, connection_id, tenant, registration, scopes, api_keys, created_at, updated_at)
                        VALUES (:id, :consumer, NULLIF(:connection, ''), NULLIF(:tenant, ''), NULLIF(:registration, ''),
                                CASE WHEN :everything THEN NULL ELSE :scopes END, :apiKeys, :now, :now)
                        ON CONFLICT (id) DO UPDATE SET
                          consumer = EXCLUDED.consumer, connection_id = EXCLUDED.connection_id, tenant = EXCLUDED.tenant,
                          registration = EXCLUDED.registration, scopes = EXCLUDED.scopes, api_keys = EXCLUDED.api_keys, updated_at = EXCLUDED.updated_at
                        RETURNING xmax = 0""",
                        Boolean.class)
                    .setParameter("id", rule.id().value())
                    .setParameter("consumer", rule.consumer().toString())
                    .setParameter("connection", columns.connection())
                    .setParameter("tenant", columns.tenant())
                    .setParameter("registration", columns.registration())
                    .setParameter("everything", columns.everything())
                    .setParameter("scopes", columns.scopes())
                    .setParameter("apiKeys", rule.apiKeys())
                    .setParameter("now", time.instant())
                    .getSingleResult())
        .map(created -> created ? Put.CREATED : Put.REPLACED)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Put.UNAVAILABLE);
  }

  @Override
  public Uni<Removal> delete(AccessRuleId id) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery("DELETE FROM access_rule WHERE id = :id")
                    .setParameter("id", id.value())
                    .executeUpdate())
        .map(rows -> rows == 0 ? Removal.UNKNOWN : Removal.DELETED)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Removal.UNAVAILABLE);
  }

  private static List<AccessRule> rules(List<AccessRuleRow> rows) {
    return rows.stream().map(AccessRuleRow::rule).toList();
  }

  /** Columns of a rule; empty text stands for NULL. */
  private record Columns(
      String connection, String tenant, String registration, boolean everything, String scopes) {
    static Columns of(AccessRule rule) {
      String scopes =
          switch (rule.scopes()) {
            case Allowance.Everything everything -> "";
            case Allowance.Only only -> only.scopes().toString();
          };
      boolean everything = rule.scopes() instanceof Allowance.Everything;
      return switch (rule.selector()) {
        case Selector.OneConnection one ->
            new Columns(one.connection().value(), "", "", everything, scopes);
        case Selector.OfTenant of -> new Columns("", of.tenant().value(), "", everything, scopes);
        case Selector.OfRegistration of ->
            new Columns("", "", of.registration().value(), everything, scopes);
        case Selector.OfTenantAndRegistration of ->
            new Columns("", of.tenant().value(), of.registration().value(), everything, scopes);
      };
    }
  }
}
