-- Collection by villages, schools and departments (村组代收): their ledger and cash come in, are counted and compared,
-- reviewed where the policy wants it, deposited, and only then entered. Each gate blocks the next.

CREATE TABLE collection (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('village', 'school', 'department')),
    village_id INTEGER REFERENCES village (id),
    body TEXT NOT NULL DEFAULT '',
    year INTEGER NOT NULL,
    needs_review INTEGER NOT NULL CHECK (needs_review IN (0, 1)),
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    received_at TEXT NOT NULL,
    received_by INTEGER NOT NULL REFERENCES staff (id),
    CHECK ((kind = 'village') = (village_id IS NOT NULL)),
    CHECK (kind = 'village' OR length(body) > 0)
) STRICT;

CREATE TABLE collection_row (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collection (id),
    sheet TEXT NOT NULL,
    row INTEGER NOT NULL,
    resident_id INTEGER REFERENCES resident (id),
    document_number TEXT NOT NULL,
    name TEXT NOT NULL,
    household TEXT NOT NULL DEFAULT '',
    own_fen INTEGER NOT NULL CHECK (own_fen >= 0),
    receipt TEXT NOT NULL DEFAULT '',
    paid_at TEXT NOT NULL,
    UNIQUE (collection_id, sheet, row)
) STRICT;
CREATE INDEX collection_row_by_resident ON collection_row (resident_id);

-- A row that is not entered with the others, and why; its money is no part of what is counted.
CREATE TABLE collection_aside (
    row_id INTEGER PRIMARY KEY REFERENCES collection_row (id),
    set_aside_at TEXT NOT NULL,
    set_aside_by INTEGER NOT NULL REFERENCES staff (id),
    why TEXT NOT NULL CHECK (length(why) > 0)
) STRICT;

CREATE TABLE collection_step (
    collection_id INTEGER NOT NULL REFERENCES collection (id),
    step TEXT NOT NULL CHECK (step IN ('counted', 'reviewed', 'deposited', 'entered', 'withdrawn')),
    done_at TEXT NOT NULL,
    done_by INTEGER NOT NULL REFERENCES staff (id),
    detail TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (collection_id, step)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER collection_gates BEFORE INSERT ON collection_step
WHEN EXISTS (SELECT 1 FROM collection_step AS s WHERE s.collection_id = NEW.collection_id
        AND s.step IN ('withdrawn', 'entered'))
    OR (NEW.step = 'withdrawn' AND EXISTS (SELECT 1 FROM collection_step AS s
        WHERE s.collection_id = NEW.collection_id AND s.step = 'deposited'))
    OR (NEW.step IN ('reviewed', 'deposited') AND NOT EXISTS (SELECT 1 FROM collection_step AS s
        WHERE s.collection_id = NEW.collection_id AND s.step = 'counted'))
    OR (NEW.step = 'deposited' AND EXISTS (SELECT 1 FROM collection AS c
        WHERE c.id = NEW.collection_id AND c.needs_review = 1) AND NOT EXISTS (
        SELECT 1 FROM collection_step AS s
        WHERE s.collection_id = NEW.collection_id AND s.step = 'reviewed'))
    OR (NEW.step = 'entered' AND NOT EXISTS (SELECT 1 FROM collection_step AS s
        WHERE s.collection_id = NEW.collection_id AND s.step = 'deposited'))
BEGIN SELECT RAISE(ABORT, 'each gate of a collection blocks the next'); END;

CREATE TRIGGER collection_aside_in_time BEFORE INSERT ON collection_aside
WHEN EXISTS (SELECT 1 FROM collection_step AS s JOIN collection_row AS r
    ON r.collection_id = s.collection_id WHERE r.id = NEW.row_id AND s.step = 'counted')
BEGIN SELECT RAISE(ABORT, 'what was counted stays as it was counted'); END;

CREATE TRIGGER collection_stays_u BEFORE UPDATE ON collection
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
CREATE TRIGGER collection_stays_d BEFORE DELETE ON collection
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
CREATE TRIGGER collection_row_stays_u BEFORE UPDATE ON collection_row
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
CREATE TRIGGER collection_row_stays_d BEFORE DELETE ON collection_row
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
CREATE TRIGGER collection_aside_stays_u BEFORE UPDATE ON collection_aside
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
CREATE TRIGGER collection_aside_stays_d BEFORE DELETE ON collection_aside
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
CREATE TRIGGER collection_step_stays_u BEFORE UPDATE ON collection_step
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
CREATE TRIGGER collection_step_stays_d BEFORE DELETE ON collection_step
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
