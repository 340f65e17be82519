-- Subsidies claimed from their sources (资助资金申请), what the sources paid, the results of calls to people who have not
-- enrolled, and how the columns of an office's sheets were recognised.

CREATE TABLE claim (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL,
    source TEXT NOT NULL,
    to_day TEXT NOT NULL CHECK (length(to_day) = 10),
    made_at TEXT NOT NULL,
    made_by INTEGER NOT NULL REFERENCES staff (id),
    people INTEGER NOT NULL CHECK (people >= 0),
    amount_fen INTEGER NOT NULL
) STRICT;

-- Every part of every payment, reversal and refund is claimed once: what was taken back is deducted from the next claim.
CREATE TABLE claim_line (
    claim_id INTEGER NOT NULL REFERENCES claim (id),
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    source TEXT NOT NULL,
    identity TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (entry_id, source, identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_line_by_claim ON claim_line (claim_id);
CREATE TRIGGER claim_line_of_part BEFORE INSERT ON claim_line
WHEN NOT EXISTS (SELECT 1 FROM entry_part AS p JOIN claim AS c ON c.id = NEW.claim_id
    WHERE p.entry_id = NEW.entry_id AND p.source = NEW.source AND p.identity = NEW.identity
    AND p.amount_fen = NEW.amount_fen AND p.source = c.source)
BEGIN SELECT RAISE(ABORT, 'a claim is made of what is in the ledger'); END;

CREATE TABLE claim_payment (
    claim_id INTEGER PRIMARY KEY REFERENCES claim (id),
    paid_on TEXT NOT NULL CHECK (length(paid_on) = 10),
    amount_fen INTEGER NOT NULL,
    reference TEXT NOT NULL CHECK (length(reference) > 0),
    recorded_at TEXT NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES staff (id),
    why TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE call_result (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    year INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('death', 'prison', 'military', 'employee-insurance',
        'elsewhere', 'lost', 'refused', 'moved-out', 'other', '')),
    result TEXT NOT NULL DEFAULT '',
    called_at TEXT NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES staff (id),
    CHECK (length(reason) + length(result) > 0)
) STRICT;
CREATE INDEX call_result_by_resident ON call_result (resident_id, year, id);

-- The newest row of a kind and heading holds; an empty field leaves the column out.
CREATE TABLE sheet_column (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    heading TEXT NOT NULL,
    field TEXT NOT NULL,
    confirmed_at TEXT NOT NULL,
    confirmed_by INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX sheet_column_by_heading ON sheet_column (kind, heading, id);

CREATE TRIGGER claim_stays_u BEFORE UPDATE ON claim
BEGIN SELECT RAISE(ABORT, 'a claim is never changed'); END;
CREATE TRIGGER claim_stays_d BEFORE DELETE ON claim
BEGIN SELECT RAISE(ABORT, 'a claim is never changed'); END;
CREATE TRIGGER claim_line_stays_u BEFORE UPDATE ON claim_line
BEGIN SELECT RAISE(ABORT, 'a claim is never changed'); END;
CREATE TRIGGER claim_line_stays_d BEFORE DELETE ON claim_line
BEGIN SELECT RAISE(ABORT, 'a claim is never changed'); END;
CREATE TRIGGER claim_payment_stays_u BEFORE UPDATE ON claim_payment
BEGIN SELECT RAISE(ABORT, 'a claim is never changed'); END;
CREATE TRIGGER claim_payment_stays_d BEFORE DELETE ON claim_payment
BEGIN SELECT RAISE(ABORT, 'a claim is never changed'); END;
CREATE TRIGGER call_result_stays_u BEFORE UPDATE ON call_result
BEGIN SELECT RAISE(ABORT, 'a call is never forgotten'); END;
CREATE TRIGGER call_result_stays_d BEFORE DELETE ON call_result
BEGIN SELECT RAISE(ABORT, 'a call is never forgotten'); END;
