-- Whether an agreement is held by a refresh token, so that whoever ends it is told what died (G-13). Where it was agreed before this column, until the
-- next refresh tells: as was said of all.
ALTER TABLE connection ADD COLUMN refreshable boolean NOT NULL DEFAULT true;

-- Hosts are compared in lower case and without the port of https (C20); no new ones are accepted by that.
UPDATE discovered SET
  hosts = ARRAY(SELECT DISTINCT regexp_replace(lower(host), ':443$', '') FROM unnest(hosts) AS host ORDER BY 1),
  refused = CASE WHEN refused IS NOT NULL THEN ARRAY(SELECT DISTINCT regexp_replace(lower(host), ':443$', '') FROM unnest(refused) AS host ORDER BY 1) END;
