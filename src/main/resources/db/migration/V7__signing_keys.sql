-- Signing keys of registrations: names, public halves and how far they came. Private halves lie in the safe, with the registration's other secrets.
CREATE TABLE signing_key (
  registration    text        NOT NULL REFERENCES registration (id) ON DELETE CASCADE,
  key_id          text        NOT NULL,
  algorithm       text        NOT NULL,
  -- NULL for keys that are older than this table: the safe tells it.
  public_jwk      text,
  state           text        NOT NULL CHECK (state IN ('GENERATED', 'UPLOADED', 'ACTIVE', 'RETIRED')),
  since           timestamptz NOT NULL,
  published_until timestamptz,
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (registration, key_id),
  CONSTRAINT signing_key_publication CHECK ((state = 'RETIRED') = (published_until IS NOT NULL))
);

CREATE UNIQUE INDEX signing_key_active ON signing_key (registration) WHERE state = 'ACTIVE';

-- What a registration signs with follows its active key from now on.
INSERT INTO signing_key (registration, key_id, algorithm, state, since, created_at)
  SELECT id, signing_key_id, signing_algorithm, 'ACTIVE', updated_at, updated_at FROM registration WHERE signing_key_id IS NOT NULL;
