-- Who a roster added goes away when it is taken back; the totals of the days in between counted them. So how many of
-- them lived where is kept: `totals` for a moment gives what it gave then. By uid, since a village may go away too.

CREATE TABLE import_undo_living (
    import_file_id INTEGER NOT NULL REFERENCES import_undo (import_file_id),
    village_uid TEXT NOT NULL,
    living INTEGER NOT NULL CHECK (living > 0),
    PRIMARY KEY (import_file_id, village_uid)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER import_undo_living_stays_u BEFORE UPDATE ON import_undo_living
BEGIN SELECT RAISE(ABORT, 'what was taken back stays so'); END;
CREATE TRIGGER import_undo_living_stays_d BEFORE DELETE ON import_undo_living
BEGIN SELECT RAISE(ABORT, 'what was taken back stays so'); END;
