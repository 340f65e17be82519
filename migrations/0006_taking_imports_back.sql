-- An import can be taken back while nothing has been built on it. What a roster added then goes away again, as if the
-- file had never come; everything else about residents stays as it was: they are never deleted.

CREATE TABLE import_undo (
    import_file_id INTEGER PRIMARY KEY REFERENCES import_file (id),
    first INTEGER, -- numbers of the rows the file added, where it added any
    last INTEGER,
    undone_at TEXT NOT NULL,
    undone_by INTEGER NOT NULL REFERENCES staff (id),
    why TEXT NOT NULL CHECK (length(why) > 0),
    CHECK ((first IS NULL) = (last IS NULL))
) STRICT;
CREATE TRIGGER import_undo_stays_u BEFORE UPDATE ON import_undo
BEGIN SELECT RAISE(ABORT, 'what was taken back stays so'); END;
CREATE TRIGGER import_undo_stays_d BEFORE DELETE ON import_undo
BEGIN SELECT RAISE(ABORT, 'what was taken back stays so'); END;

DROP TRIGGER resident_stays;
CREATE TRIGGER resident_stays BEFORE DELETE ON resident
WHEN NOT EXISTS (SELECT 1 FROM import_undo AS u JOIN import_file AS f ON f.id = u.import_file_id
    WHERE f.kind = 'residents' AND f.imported_at = OLD.created_at
    AND OLD.id BETWEEN u.first AND u.last)
BEGIN SELECT RAISE(ABORT, 'a resident is never deleted'); END;

DROP TRIGGER residency_stays_d;
CREATE TRIGGER residency_stays_d BEFORE DELETE ON residency
WHEN NOT EXISTS (SELECT 1 FROM resident AS r JOIN import_file AS f ON f.imported_at = r.created_at
    JOIN import_undo AS u ON u.import_file_id = f.id
    WHERE r.id = OLD.resident_id AND f.kind = 'residents' AND r.id BETWEEN u.first AND u.last)
BEGIN SELECT RAISE(ABORT, 'residency only grows'); END;

CREATE TRIGGER tally_resident_gone AFTER DELETE ON resident WHEN OLD.status = 'living'
BEGIN
    UPDATE tally_resident SET living = living - 1 WHERE village_id = OLD.village_id;
END;

CREATE INDEX import_file_by_moment ON import_file (imported_at);
