-- The daily comparison with the tax bureau's list of what it collected (实征清册, 对账). A finding stays open until it is
-- settled by a payment taken over or by somebody's reason; the same finding of a later run is not a second one.

CREATE TABLE tax_list (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    from_on TEXT,
    to_on TEXT,
    compared_at TEXT NOT NULL,
    compared_by INTEGER NOT NULL REFERENCES staff (id),
    rows INTEGER NOT NULL,
    counts TEXT NOT NULL
) STRICT;

CREATE TABLE tax_finding (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL UNIQUE,
    tax_list_id INTEGER NOT NULL REFERENCES tax_list (id),
    kind TEXT NOT NULL CHECK (kind IN
        ('only_there', 'only_here', 'amount_differs', 'twice', 'unknown_person', 'other_year')),
    row INTEGER,
    document_number TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    resident_id INTEGER REFERENCES resident (id),
    entry_id INTEGER REFERENCES entry (id),
    year INTEGER,
    listed_fen INTEGER,
    here_fen INTEGER,
    channel TEXT NOT NULL DEFAULT '',
    voucher TEXT NOT NULL DEFAULT '',
    paid_at TEXT,
    settled_at TEXT,
    settled_by INTEGER REFERENCES staff (id),
    settled_entry_id INTEGER REFERENCES entry (id),
    why TEXT NOT NULL DEFAULT '',
    CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
    CHECK (settled_at IS NULL OR settled_entry_id IS NOT NULL OR length(why) > 0)
) STRICT;
CREATE INDEX tax_finding_open ON tax_finding (kind, id) WHERE settled_at IS NULL;
CREATE INDEX tax_finding_by_list ON tax_finding (tax_list_id, kind);
CREATE INDEX tax_finding_by_resident ON tax_finding (resident_id) WHERE resident_id IS NOT NULL;

CREATE TRIGGER tax_list_stays_u BEFORE UPDATE ON tax_list
BEGIN SELECT RAISE(ABORT, 'a comparison is never changed'); END;
CREATE TRIGGER tax_list_stays_d BEFORE DELETE ON tax_list
BEGIN SELECT RAISE(ABORT, 'a comparison is never changed'); END;
CREATE TRIGGER tax_finding_stays BEFORE DELETE ON tax_finding
BEGIN SELECT RAISE(ABORT, 'a finding is settled, it is never deleted'); END;
CREATE TRIGGER tax_finding_settled_once BEFORE UPDATE ON tax_finding
WHEN OLD.settled_at IS NOT NULL OR NEW.settled_at IS NULL OR NEW.uid <> OLD.uid
    OR NEW.kind <> OLD.kind OR NEW.fingerprint <> OLD.fingerprint
    OR NEW.document_number <> OLD.document_number OR NEW.listed_fen IS NOT OLD.listed_fen
    OR NEW.here_fen IS NOT OLD.here_fen
BEGIN SELECT RAISE(ABORT, 'a finding can only be settled, once'); END;

CREATE INDEX entry_by_paid_at ON entry (year, paid_at, channel);
