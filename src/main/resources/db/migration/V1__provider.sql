-- Our OAuth clients at providers. Client ids, secrets and keys lie in the safe at registrations/<id>.
CREATE TABLE registration (
  id                    text        PRIMARY KEY,
  profile               text        NOT NULL,
  name                  text        NOT NULL,
  purpose               text        NOT NULL,
  contacts              text[]      NOT NULL,
  client_authentication text        NOT NULL,
  signing_algorithm     text,
  signing_key_id        text,
  scopes                text        NOT NULL,
  redirect_uris         text[]      NOT NULL,
  secrets_held          text[]      NOT NULL,
  fault                 text,
  fault_since           timestamptz,
  probe_at              timestamptz,
  version               bigint      NOT NULL,
  created_at            timestamptz NOT NULL,
  updated_at            timestamptz NOT NULL,
  CONSTRAINT registration_signing_is_whole CHECK ((signing_algorithm IS NULL) = (signing_key_id IS NULL)),
  CONSTRAINT registration_fault_is_whole CHECK ((fault IS NULL) = (fault_since IS NULL) AND (fault IS NULL) = (probe_at IS NULL))
);

CREATE TRIGGER registration_changed AFTER INSERT OR UPDATE OR DELETE ON registration
  FOR EACH ROW EXECUTE FUNCTION note_change();
