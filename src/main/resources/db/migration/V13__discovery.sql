-- What issuers said about themselves and was accepted last: a restart believes nobody anew (C20). Hosts with port; endpoints as a flat JSON object of
-- texts. Registrations of one profile and issuer share a row.
CREATE TABLE discovered (
  profile     text        NOT NULL,
  issuer      text        NOT NULL,
  hosts       text[]      NOT NULL,
  endpoints   text        NOT NULL,
  -- Hosts of the document that was refused because it leads elsewhere; an operator accepts exactly these.
  refused     text[],
  accepted_at timestamptz NOT NULL,
  PRIMARY KEY (profile, issuer)
);
