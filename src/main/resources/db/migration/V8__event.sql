-- What happened to connections and registrations. Written by triggers only, in the transaction of the change itself. No column holds a secret.
CREATE TABLE event (
  id              uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  -- The order of writing. For one connection or registration it is the order of commits too, because its row is locked.
  written         bigint      GENERATED ALWAYS AS IDENTITY,
  -- The order of telling: given after the commit, to one after the other, so that nobody finds a lower number later.
  sequence        bigint      UNIQUE,
  happened_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind            text        NOT NULL,
  connection      text,
  tenant          text,
  registration    text        NOT NULL,
  provider        text        NOT NULL,
  -- Of a connection: what it became and what it was before.
  state           text,
  previous_state  text,
  cause           text,
  consent_ends_at timestamptz,
  -- Of a registration: what alerts carry (IV-9).
  name            text,
  purpose         text,
  contacts        text[]
);

CREATE INDEX event_to_order ON event (written) WHERE sequence IS NULL;
CREATE INDEX event_by_connection ON event (connection, sequence);
CREATE INDEX event_by_registration ON event (registration, sequence);
CREATE INDEX event_by_age ON event (happened_at);

-- One row: the last number given. Whoever holds its lock gives the next ones.
CREATE TABLE event_order (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  last     bigint  NOT NULL
);

INSERT INTO event_order (last) VALUES (0);

-- What a connection is to its users: a deleted one is nothing else, a disabled one neither.
CREATE FUNCTION connection_state(c connection) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN c.deleted_at IS NOT NULL THEN 'deleted' WHEN c.disabled_at IS NOT NULL THEN 'disabled' ELSE c.state END
$$;

CREATE FUNCTION write_connection_event(c connection, kind text, previous_state text, consent_ends_at timestamptz) RETURNS void LANGUAGE sql AS $$
  INSERT INTO event (kind, connection, tenant, registration, provider, state, previous_state, cause, consent_ends_at)
  VALUES (kind, c.id, NULLIF(c.tenant, ''), c.registration, c.provider, connection_state(c), previous_state,
          CASE WHEN connection_state(c) = c.state THEN lower(c.cause) END, consent_ends_at)
$$;

-- An id that is used again after a deletion begins anew. That a connection waits for its first consent is no event, nor is the end of an install that
-- came to nothing: nobody has heard of it.
CREATE FUNCTION note_connection_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    before := connection_state(OLD);
  END IF;
  IF before IS DISTINCT FROM connection_state(NEW)
     AND connection_state(NEW) IN ('unclaimed', 'active', 'ailing', 'needs_consent', 'revoked', 'disabled', 'deleted')
     AND NOT (connection_state(NEW) = 'deleted' AND before = 'pending_consent' AND NEW.tenant IS NULL) THEN
    PERFORM write_connection_event(NEW, 'connection.' || connection_state(NEW), NULLIF(before, 'deleted'), NULL);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER connection_created_event AFTER INSERT ON connection FOR EACH ROW EXECUTE FUNCTION note_connection_state();
CREATE TRIGGER connection_state_event AFTER UPDATE ON connection FOR EACH ROW
  WHEN ((OLD.state, OLD.disabled_at IS NULL, OLD.deleted_at IS NULL) IS DISTINCT FROM (NEW.state, NEW.disabled_at IS NULL, NEW.deleted_at IS NULL))
  EXECUTE FUNCTION note_connection_state();

-- A fault ends because the provider accepted our client again, or because an operator changed the registration: it is to be tried again then.
CREATE FUNCTION note_registration_fault() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event (kind, registration, provider, cause, name, purpose, contacts)
  VALUES (CASE WHEN NEW.fault IS NULL THEN 'registration.healthy' ELSE 'registration.faulty' END, NEW.id, NEW.profile,
          CASE WHEN NEW.fault IS NOT NULL THEN lower(NEW.fault) WHEN NEW.version > OLD.version THEN 'changed' ELSE 'accepted' END,
          NEW.name, NEW.purpose, NEW.contacts);
  RETURN NULL;
END $$;

CREATE TRIGGER registration_fault_event AFTER UPDATE ON registration FOR EACH ROW
  WHEN ((OLD.fault IS NULL) <> (NEW.fault IS NULL))
  EXECUTE FUNCTION note_registration_fault();

-- Who is told. The secrets that sign lie in the safe at webhooks/<id>.
CREATE TABLE webhook (
  id            text        PRIMARY KEY,
  url           text        NOT NULL,
  -- What it is told of; empty: everything.
  kinds         text[]      NOT NULL,
  tenants       text[]      NOT NULL,
  registrations text[]      NOT NULL,
  disabled_at   timestamptz,
  -- It answered 410: it wants nothing more.
  gone_at       timestamptz,
  failing_since timestamptz,
  failure       text,
  delivered_at  timestamptz,
  given_up      bigint      NOT NULL DEFAULT 0,
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL,
  CONSTRAINT webhook_failing_is_whole CHECK ((failing_since IS NULL) = (failure IS NULL))
);

-- The outbox: what is still to be delivered. A row goes when its event was accepted or given up.
CREATE TABLE delivery (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  webhook     text        NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  sequence    bigint      NOT NULL REFERENCES event (sequence),
  -- The connection or registration: its events are told in order, one at a time.
  subject     text        NOT NULL,
  attempts    integer     NOT NULL DEFAULT 0,
  next_at     timestamptz NOT NULL,
  give_up_at  timestamptz NOT NULL,
  epoch       bigint      NOT NULL DEFAULT 0,
  lease_until timestamptz,
  UNIQUE (webhook, sequence)
);

CREATE INDEX delivery_due ON delivery (next_at);
CREATE INDEX delivery_in_order ON delivery (webhook, subject, sequence);
CREATE INDEX delivery_of_event ON delivery (sequence);
