-- Our OAuth clients at providers. No column holds a secret: client id, client secret and private key lie in the safe (BE-2).
CREATE TABLE registration (
  id                text        PRIMARY KEY,
  profile           text        NOT NULL,
  name              text        NOT NULL,
  purpose           text        NOT NULL,
  contacts          text[]      NOT NULL,
  authentication    text        NOT NULL CHECK (authentication IN ('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none')),
  signing_algorithm text,
  signing_key_id    text,
  -- RFC 7517, without private members; what the provider is given.
  public_key        text,
  scopes            text        NOT NULL,
  redirect_uris     text[]      NOT NULL,
  -- Names of the secrets that the safe holds for it.
  secrets           text[]      NOT NULL,
  -- Rises with each PUT, also with one that changes secrets only.
  version           bigint      NOT NULL,
  fault             text        CHECK (fault IN ('INVALID_CLIENT', 'UNAUTHORIZED_CLIENT')),
  fault_since       timestamptz,
  probe_at          timestamptz,
  CONSTRAINT registration_signing CHECK ((authentication = 'private_key_jwt') = (signing_algorithm IS NOT NULL AND signing_key_id IS NOT NULL)),
  CONSTRAINT registration_fault CHECK ((fault IS NULL) = (fault_since IS NULL) AND (fault IS NULL) = (probe_at IS NULL))
);

CREATE INDEX registration_by_profile ON registration (profile, id);

CREATE TRIGGER registration_changed AFTER INSERT OR UPDATE OR DELETE ON registration
  FOR EACH ROW EXECUTE FUNCTION note_change();
