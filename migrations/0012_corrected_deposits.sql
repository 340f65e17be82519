-- What was recorded of a ledger's deposit was typed wrongly: the step stays as it was written, and what is right stands here with
-- its reason, the last row counting. Only until the ledger is entered: from then on its deposits are taken back and recorded anew
-- like all others. The sum is never corrected: it is what was counted.

CREATE TABLE collection_correction (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collection (id),
    bank_reference TEXT NOT NULL CHECK (length(bank_reference) > 0),
    deposited_on TEXT NOT NULL CHECK (length(deposited_on) = 10),
    corrected_at TEXT NOT NULL,
    corrected_by INTEGER NOT NULL REFERENCES staff (id),
    why TEXT NOT NULL CHECK (length(why) > 0)
) STRICT;
CREATE INDEX collection_correction_of ON collection_correction (collection_id, id);

CREATE TRIGGER collection_correction_in_time BEFORE INSERT ON collection_correction
WHEN NOT EXISTS (SELECT 1 FROM collection_step AS s
        WHERE s.collection_id = NEW.collection_id AND s.step = 'deposited')
    OR EXISTS (SELECT 1 FROM collection_step AS s
        WHERE s.collection_id = NEW.collection_id AND s.step = 'entered')
BEGIN SELECT RAISE(ABORT, 'a deposit is corrected between bank and entering'); END;
CREATE TRIGGER collection_correction_by_supervisor BEFORE INSERT ON collection_correction
WHEN (SELECT role FROM staff WHERE id = NEW.corrected_by) <> 'supervisor'
BEGIN SELECT RAISE(ABORT, 'a supervisor corrects a deposit'); END;
CREATE TRIGGER collection_correction_stays_u BEFORE UPDATE ON collection_correction
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
CREATE TRIGGER collection_correction_stays_d BEFORE DELETE ON collection_correction
BEGIN SELECT RAISE(ABORT, 'a collection is never changed'); END;
