-- Which consumer may fetch which connections. A rule may precede what it names: no foreign keys.
CREATE TABLE access_rule (
  id            text        PRIMARY KEY,
  consumer      text        NOT NULL,
  -- The selector: one connection, or a tenant, or a registration, or both of the latter.
  connection_id text,
  tenant        text,
  registration  text,
  -- Space-separated; NULL allows whatever was granted.
  scopes        text,
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL,
  CONSTRAINT access_rule_selects CHECK (
    (connection_id IS NOT NULL AND tenant IS NULL AND registration IS NULL)
    OR (connection_id IS NULL AND (tenant IS NOT NULL OR registration IS NOT NULL)))
);

CREATE INDEX access_rule_by_consumer ON access_rule (consumer, id);

CREATE TRIGGER access_rule_changed AFTER INSERT OR UPDATE OR DELETE ON access_rule
  FOR EACH ROW EXECUTE FUNCTION note_change();
