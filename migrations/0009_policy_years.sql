-- Which text decides for which year. In autumn an office collects for the next year and still enrols people late for
-- this one (newborns, people who leave employee insurance): the text adopted last for a year decides for that year.

CREATE TABLE policy_adoption (
    id INTEGER PRIMARY KEY,
    year INTEGER NOT NULL,
    policy_hash TEXT NOT NULL REFERENCES policy_text (hash),
    adopted_at TEXT NOT NULL
) STRICT;
CREATE INDEX policy_adoption_by_year ON policy_adoption (year, id);
CREATE TRIGGER policy_adoption_stays_u BEFORE UPDATE ON policy_adoption
BEGIN SELECT RAISE(ABORT, 'what was adopted stays known'); END;
CREATE TRIGGER policy_adoption_stays_d BEFORE DELETE ON policy_adoption
BEGIN SELECT RAISE(ABORT, 'what was adopted stays known'); END;

-- Texts of earlier versions in the order they came; the one the office works by is the last of its year.
INSERT INTO policy_adoption (year, policy_hash, adopted_at)
    SELECT year, hash, kept_at FROM policy_text
    WHERE hash NOT IN (SELECT policy_hash FROM office) ORDER BY kept_at, rowid;
INSERT INTO policy_adoption (year, policy_hash, adopted_at)
    SELECT o.year, o.policy_hash, t.kept_at FROM office AS o JOIN policy_text AS t ON t.hash = o.policy_hash;

-- What the policy leaves to the office is decided for a year; the desk's own settings (desk.…) hold for all of them.
ALTER TABLE setting ADD COLUMN year INTEGER;
UPDATE setting SET year = (SELECT year FROM office) WHERE key NOT LIKE 'desk.%';
