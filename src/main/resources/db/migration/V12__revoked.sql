-- An operator ends the grant of a connection that goes on.
ALTER TABLE connection
  -- Since when what a revoked connection held is to be erased from the safe; NULL once it is.
  ADD COLUMN remains_since timestamptz,
  ADD CONSTRAINT connection_remains_are_of_a_revoked_one CHECK (remains_since IS NULL OR state = 'revoked');

CREATE INDEX connection_remains ON connection (remains_since) WHERE remains_since IS NOT NULL;

-- In the same transaction: no consent through a link of before may follow a revocation.
CREATE FUNCTION withdraw_consent_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE consent_ticket SET state = 'WITHDRAWN' WHERE connection = NEW.id AND state = 'OPEN';
  RETURN NULL;
END $$;

CREATE TRIGGER connection_revoked AFTER UPDATE ON connection FOR EACH ROW
  WHEN (OLD.state <> 'revoked' AND NEW.state = 'revoked')
  EXECUTE FUNCTION withdraw_consent_links();

-- That a connection waits is no event, but for one that was in service: its consumers lose their token. Nor is the end of an install that came to
-- nothing: nobody has heard of it. An id that is used again after a deletion begins anew.
CREATE OR REPLACE FUNCTION note_connection_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    before := connection_state(OLD);
  END IF;
  IF before IS DISTINCT FROM connection_state(NEW)
     AND (connection_state(NEW) IN ('unclaimed', 'active', 'ailing', 'needs_consent', 'revoked', 'disabled', 'deleted')
          OR (connection_state(NEW) = 'pending_consent' AND before IN ('active', 'ailing')))
     AND NOT (connection_state(NEW) = 'deleted' AND before = 'pending_consent' AND NEW.tenant IS NULL) THEN
    PERFORM write_connection_event(NEW, 'connection.' || connection_state(NEW), NULLIF(before, 'deleted'), NULL);
  END IF;
  RETURN NULL;
END $$;
