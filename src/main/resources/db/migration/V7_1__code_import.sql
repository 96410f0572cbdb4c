-- Authorization codes that operators brought (IV-4): SHA-256 of registration and code, so that none is presented twice.
CREATE TABLE imported_code (
  fingerprint text        PRIMARY KEY,
  connection  text        NOT NULL,
  imported_at timestamptz NOT NULL
);

CREATE INDEX imported_code_age ON imported_code (imported_at);

-- What connections may be made under a registration; none named: whatever its profile offers (IV-2).
ALTER TABLE registration ADD COLUMN grant_types text[] NOT NULL DEFAULT '{}';

-- The redirect URI that was chosen for a link; NULL: the broker's own callback (IV-5).
ALTER TABLE consent_ticket ADD COLUMN redirect_uri text;
