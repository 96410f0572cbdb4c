-- Installs that start at the provider, what is looked up before a connection becomes active, and how a connection gets its tenant.
-- No column holds a secret: codes, tickets and cookies are here as SHA-256 only.
ALTER TABLE connection
  -- NULL while nobody has claimed it.
  ALTER COLUMN tenant DROP NOT NULL,
  -- Public facts that the provider told; an operator's own stand in metadata.
  ADD COLUMN facts          text        NOT NULL DEFAULT '{}',
  -- What names the provider's account, as far as it was looked up.
  ADD COLUMN account        text,
  -- When the provider's API is asked for facts next; NULL while there is nothing to ask.
  ADD COLUMN facts_due_at   timestamptz,
  ADD COLUMN facts_failures integer     NOT NULL DEFAULT 0 CHECK (facts_failures >= 0),
  -- Of an install whose facts are not known yet: the tenant that claimed it already.
  ADD COLUMN promised_to    text,
  -- Of an install of an account that is connected already: the connection that its grant moves to.
  ADD COLUMN moved_to       text,
  ADD CONSTRAINT connection_ownership CHECK (
    deleted_at IS NOT NULL
    OR CASE WHEN tenant IS NULL THEN state IN ('pending_consent', 'unclaimed', 'needs_consent') ELSE state <> 'unclaimed' END),
  ADD CONSTRAINT connection_promise CHECK (promised_to IS NULL OR tenant IS NULL),
  ADD CONSTRAINT connection_move CHECK (moved_to IS NULL OR tenant IS NULL);

-- One connection for each account under a registration.
CREATE UNIQUE INDEX connection_account ON connection (registration, account) WHERE account IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX connection_facts_due ON connection (facts_due_at)
  WHERE facts_due_at IS NOT NULL AND deleted_at IS NULL AND disabled_at IS NULL;
-- Installs on their way, and those that came to nothing.
CREATE INDEX connection_begun ON connection (created_at)
  WHERE tenant IS NULL AND state = 'pending_consent' AND cause IS NULL AND deleted_at IS NULL;

DROP TRIGGER connection_changed ON connection;
CREATE TRIGGER connection_changed AFTER UPDATE ON connection FOR EACH ROW
  WHEN ((OLD.state, OLD.tenant, OLD.disabled_at, OLD.deleted_at, OLD.generation, OLD.expires_at, OLD.granted_scopes, OLD.metadata, OLD.facts)
        IS DISTINCT FROM
        (NEW.state, NEW.tenant, NEW.disabled_at, NEW.deleted_at, NEW.generation, NEW.expires_at, NEW.granted_scopes, NEW.metadata, NEW.facts))
  EXECUTE FUNCTION note_change();

-- Codes of installs that were presented, so that none is presented twice; and which browser brought them.
CREATE TABLE install (
  code_fingerprint    text        PRIMARY KEY,
  registration        text        NOT NULL,
  connection          text        NOT NULL,
  -- Set once its grant was kept.
  browser_fingerprint text,
  begun_at            timestamptz NOT NULL
);

CREATE INDEX install_age ON install (begun_at);
CREATE INDEX install_by_browser ON install (browser_fingerprint, registration) WHERE browser_fingerprint IS NOT NULL;

-- Links that give an install to a tenant.
CREATE TABLE claim_ticket (
  fingerprint         text        PRIMARY KEY,
  tenant              text        NOT NULL,
  registration        text        NOT NULL,
  state               text        NOT NULL CHECK (state IN ('OPEN', 'USED')),
  -- The browser whose next install it claims, and until when.
  browser_fingerprint text,
  armed_until         timestamptz,
  expires_at          timestamptz NOT NULL,
  CONSTRAINT claim_ticket_is_armed_whole CHECK ((browser_fingerprint IS NULL) = (armed_until IS NULL))
);

CREATE INDEX claim_ticket_armed ON claim_ticket (browser_fingerprint, registration) WHERE state = 'OPEN' AND browser_fingerprint IS NOT NULL;
CREATE INDEX claim_ticket_age ON claim_ticket (expires_at);
