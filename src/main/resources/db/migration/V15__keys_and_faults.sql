-- Until when the certificate of a signing key is valid, where it has one; NULL too for keys that were put before and have not changed since.
ALTER TABLE signing_key ADD COLUMN certificate_ends_at timestamptz;

-- What every replica counts: few rows of many.
CREATE INDEX registration_faulty ON registration (fault_since, id) WHERE fault IS NOT NULL;

-- Replicas of versions before V7 put the key of a registration into its row and know no table of keys. What they put while an upgrade is under way
-- gets its row here; for whoever writes the table first, this finds nothing to do.
CREATE FUNCTION keep_signing_key(of_registration text, kid text, signs_with text, put_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM signing_key WHERE registration = of_registration AND key_id = kid AND state = 'ACTIVE') THEN
    RETURN;
  END IF;
  UPDATE signing_key SET state = 'RETIRED', since = put_at, published_until = put_at + interval '15 minutes'
    WHERE registration = of_registration AND state = 'ACTIVE';
  INSERT INTO signing_key (registration, key_id, algorithm, state, since, created_at)
    VALUES (of_registration, kid, signs_with, 'ACTIVE', put_at, put_at)
    ON CONFLICT ON CONSTRAINT signing_key_pkey DO UPDATE
      SET algorithm = EXCLUDED.algorithm, public_jwk = NULL, state = 'ACTIVE', since = EXCLUDED.since, published_until = NULL, certificate_ends_at = NULL;
END $$;

CREATE FUNCTION note_signing_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_signing_key(NEW.id, NEW.signing_key_id, NEW.signing_algorithm, NEW.updated_at);
  RETURN NULL;
END $$;

CREATE TRIGGER registration_key_created AFTER INSERT ON registration FOR EACH ROW
  WHEN (NEW.signing_key_id IS NOT NULL AND NEW.signing_algorithm IS NOT NULL)
  EXECUTE FUNCTION note_signing_key();
CREATE TRIGGER registration_key_changed AFTER UPDATE ON registration FOR EACH ROW
  WHEN (NEW.signing_key_id IS NOT NULL AND NEW.signing_algorithm IS NOT NULL
        AND (OLD.signing_key_id, OLD.signing_algorithm) IS DISTINCT FROM (NEW.signing_key_id, NEW.signing_algorithm))
  EXECUTE FUNCTION note_signing_key();

DO $$
BEGIN
  PERFORM keep_signing_key(id, signing_key_id, signing_algorithm, updated_at)
    FROM registration WHERE signing_key_id IS NOT NULL AND signing_algorithm IS NOT NULL;
END $$;
