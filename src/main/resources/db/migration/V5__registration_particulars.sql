-- What a registration fills into its profile: flat JSON objects of texts, members in order. No column holds a secret.
ALTER TABLE registration
  ADD COLUMN variables            text NOT NULL DEFAULT '{}',
  ADD COLUMN token_parameters     text NOT NULL DEFAULT '{}',
  ADD COLUMN authorize_parameters text NOT NULL DEFAULT '{}',
  ADD COLUMN tls_configuration    text;

-- Where a registration leads stays as it is while a credential might follow it. A statement that sets the profile too has locked the row
-- against new connections by the time this looks.
CREATE FUNCTION keep_registration_in_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM connection WHERE registration = OLD.id) OR EXISTS (SELECT FROM revocation WHERE registration = OLD.id) THEN
    RAISE foreign_key_violation USING MESSAGE = 'credentials depend on the variables of the registration';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER registration_stays_in_place BEFORE UPDATE ON registration FOR EACH ROW
  WHEN (OLD.variables IS DISTINCT FROM NEW.variables) EXECUTE FUNCTION keep_registration_in_place();
