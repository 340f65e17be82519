-- A roster of ten thousands writes where people live in a statement of its own, for all of them at once: the trigger,
-- row by row, makes writing them a quarter longer, and every other desk waits for it. A row stands here only within such a
-- transaction. Everybody has a residency all the same: `verify` looks.

CREATE TABLE residency_in_bulk (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;

DROP TRIGGER residency_first;
CREATE TRIGGER residency_first AFTER INSERT ON resident
WHEN NOT EXISTS (SELECT 1 FROM residency_in_bulk)
BEGIN
    INSERT INTO residency (resident_id, village_id, status, from_at)
    VALUES (NEW.id, NEW.village_id, NEW.status, NEW.changed_at);
END;
