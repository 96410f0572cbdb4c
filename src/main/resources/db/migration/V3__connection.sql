-- A connection's profile is its registration's: the pair is referenced, so that neither can change alone.
ALTER TABLE registration ADD CONSTRAINT registration_id_profile UNIQUE (id, profile);

CREATE TABLE connection (
  id               text        PRIMARY KEY,
  tenant           text        NOT NULL,
  registration     text,
  provider         text,
  grant_type       text        NOT NULL CHECK (grant_type IN ('authorization_code', 'client_credentials')),
  requested_scopes text        NOT NULL,
  metadata         text        NOT NULL DEFAULT '{}',
  -- Health. A disabled connection keeps here the state that enabling goes back to.
  state            text        NOT NULL CHECK (state IN ('pending_consent', 'unclaimed', 'active', 'ailing', 'needs_consent', 'revoked')),
  cause            text,
  failures         integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
  since            timestamptz NOT NULL,
  disabled_at      timestamptz,
  -- The newest access token, as far as can be told without the safe.
  generation       bigint      NOT NULL DEFAULT 0 CHECK (generation >= 0),
  issued_at        timestamptz,
  expires_at       timestamptz,
  granted_scopes   text,
  -- Planning and exclusion.
  due_at           timestamptz,
  epoch            bigint      NOT NULL DEFAULT 0,
  lease_until      timestamptz,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  -- A tombstone keeps id and generation. It lets go of its registration once the safe is erased.
  deleted_at       timestamptz,
  erased_at        timestamptz,
  CONSTRAINT connection_registration FOREIGN KEY (registration, provider) REFERENCES registration (id, profile),
  CONSTRAINT connection_has_registration CHECK (erased_at IS NOT NULL OR (registration IS NOT NULL AND provider IS NOT NULL)),
  CONSTRAINT connection_token_is_whole CHECK ((issued_at IS NULL) = (expires_at IS NULL) AND (issued_at IS NULL) = (granted_scopes IS NULL))
);

CREATE INDEX connection_due ON connection (due_at) WHERE due_at IS NOT NULL AND deleted_at IS NULL AND disabled_at IS NULL;
CREATE INDEX connection_by_tenant ON connection (tenant) WHERE deleted_at IS NULL;
CREATE INDEX connection_by_registration ON connection (registration) WHERE deleted_at IS NULL;
CREATE INDEX connection_to_erase ON connection (deleted_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;

-- Replicas hear of what they serve from, not of leases and plans.
CREATE TRIGGER connection_created AFTER INSERT ON connection FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER connection_changed AFTER UPDATE ON connection FOR EACH ROW
  WHEN ((OLD.state, OLD.disabled_at, OLD.deleted_at, OLD.generation, OLD.expires_at, OLD.granted_scopes, OLD.metadata)
        IS DISTINCT FROM (NEW.state, NEW.disabled_at, NEW.deleted_at, NEW.generation, NEW.expires_at, NEW.granted_scopes, NEW.metadata))
  EXECUTE FUNCTION note_change();

-- RFC 7009 revocations still to be done for deleted connections. The tokens lie in the safe at revocations/<id>.
CREATE TABLE revocation (
  id           text        PRIMARY KEY,
  registration text        NOT NULL REFERENCES registration (id),
  attempts     integer     NOT NULL DEFAULT 0,
  next_at      timestamptz NOT NULL,
  give_up_at   timestamptz NOT NULL
);

CREATE INDEX revocation_due ON revocation (next_at);
