-- Consent links and the attempts made through them. No column holds a secret: tickets, states and cookies are here as SHA-256 only.
CREATE TABLE consent_ticket (
  fingerprint  text        PRIMARY KEY,
  connection   text        NOT NULL,
  tenant       text        NOT NULL,
  registration text        NOT NULL,
  scopes       text        NOT NULL,
  state        text        NOT NULL CHECK (state IN ('OPEN', 'USED', 'WITHDRAWN')),
  expires_at   timestamptz NOT NULL
);

CREATE INDEX consent_ticket_open ON consent_ticket (connection) WHERE state = 'OPEN';
CREATE INDEX consent_ticket_age ON consent_ticket (expires_at);

CREATE TABLE consent_attempt (
  id                  text        PRIMARY KEY,
  ticket              text        NOT NULL REFERENCES consent_ticket (fingerprint),
  state_fingerprint   text        NOT NULL UNIQUE,
  browser_fingerprint text        NOT NULL,
  redirect_uri        text        NOT NULL,
  state               text        NOT NULL CHECK (state IN ('OPEN', 'TAKEN', 'KEPT')),
  started_at          timestamptz NOT NULL,
  expires_at          timestamptz NOT NULL,
  -- Whether the safe may still hold secrets of this attempt.
  has_secrets         boolean     NOT NULL
);

CREATE INDEX consent_attempt_by_ticket ON consent_attempt (ticket);
CREATE INDEX consent_attempt_age ON consent_attempt (expires_at);
CREATE INDEX consent_attempt_leftover ON consent_attempt (expires_at) WHERE has_secrets;
