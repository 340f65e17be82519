-- An office: one township window, one file. Every table is STRICT, money is whole fen (…_fen), days are ISO dates,
-- moments are ISO with +08:00. A uid is a UUID version 7: unique everywhere and ordered by time, for rows that may
-- travel to the county. Forward only: this file is never edited once an office has run it.

-- The text of every policy file this office has adopted, by the SHA-256 of its bytes. A policy that
-- comes with a newer program decides nothing until a supervisor adopts it.
CREATE TABLE policy_text (
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
    policy_id TEXT NOT NULL,
    year INTEGER NOT NULL,
    text TEXT NOT NULL,
    kept_at TEXT NOT NULL
) STRICT;

CREATE TABLE office (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) > 0),
    kind TEXT NOT NULL CHECK (kind IN ('live', 'training')),
    policy_id TEXT NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 1998 AND 2200),
    policy_hash TEXT NOT NULL REFERENCES policy_text (hash),
    training_clock TEXT CHECK ((kind = 'training') = (training_clock IS NOT NULL)),
    created_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER office_stays BEFORE DELETE ON office
BEGIN SELECT RAISE(ABORT, 'an office is never deleted'); END;

CREATE TRIGGER office_identity_stays BEFORE UPDATE OF uid, kind, created_at ON office
BEGIN SELECT RAISE(ABORT, 'the kind of an office never changes'); END;

CREATE TABLE staff (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE CHECK (length(name) > 0),
    shown_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('clerk', 'supervisor', 'auditor')),
    password_hash TEXT NOT NULL,
    pin_hash TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE sign_in_try (
    id INTEGER PRIMARY KEY,
    staff_name TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('password', 'pin')),
    tried_at TEXT NOT NULL,
    succeeded INTEGER NOT NULL CHECK (succeeded IN (0, 1))
) STRICT;
CREATE INDEX sign_in_try_by_staff ON sign_in_try (staff_name, id);

-- What a policy leaves to the office. The newest row of a key holds; the older ones are its history.
CREATE TABLE setting (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    set_at TEXT NOT NULL,
    set_by INTEGER NOT NULL REFERENCES staff (id),
    document_number TEXT,
    document_date TEXT,
    why TEXT
) STRICT;
CREATE INDEX setting_by_key ON setting (key, id);

-- ---------------------------------------------------------------------------------------------- people

CREATE TABLE village (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 20),
    name TEXT NOT NULL UNIQUE CHECK (length(name) > 0),
    group_count INTEGER CHECK (group_count >= 0),
    base INTEGER CHECK (base >= 0),
    target INTEGER CHECK (target >= 0),
    changed_at TEXT NOT NULL
) STRICT;

CREATE TABLE household (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL CHECK (length(number) > 0),
    village_id INTEGER NOT NULL REFERENCES village (id),
    group_name TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    changed_at TEXT NOT NULL,
    UNIQUE (number, village_id) -- villages number their households themselves: 001 is in each
) STRICT;
CREATE INDEX household_by_village ON household (village_id, group_name, number);

CREATE TABLE resident (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) > 0),
    name_key TEXT NOT NULL,
    sex TEXT NOT NULL CHECK (sex IN ('male', 'female', 'unknown')),
    born TEXT CHECK (born IS NULL OR (length(born) = 10 AND date(born) = born)),
    village_id INTEGER NOT NULL REFERENCES village (id),
    group_name TEXT NOT NULL DEFAULT '',
    household_id INTEGER REFERENCES household (id),
    relation TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    ethnicity TEXT NOT NULL DEFAULT '',
    hukou_kind TEXT NOT NULL DEFAULT '',
    registered TEXT NOT NULL DEFAULT 'here'
        CHECK (registered IN ('here', 'county', 'city', 'elsewhere')),
    payer_group TEXT NOT NULL DEFAULT 'walk-in',
    category TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'living' CHECK (status IN ('living', 'deceased', 'moved')),
    status_on TEXT CHECK ((status = 'living') = (status_on IS NULL)),
    status_proof TEXT NOT NULL DEFAULT '',
    -- Two records turned out to be one person (a birth certificate, then an ID number): this one
    -- keeps its payments and is looked up no more; the other is the person from now on.
    merged_into INTEGER REFERENCES resident (id)
        CHECK (merged_into IS NULL OR (merged_into <> id AND status <> 'living')),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX resident_by_name ON resident (name_key);
CREATE INDEX resident_by_village ON resident (village_id, group_name, household_id);
CREATE INDEX resident_by_household ON resident (household_id) WHERE household_id IS NOT NULL;
CREATE INDEX resident_by_phone ON resident (phone) WHERE phone <> '';
CREATE INDEX resident_merged ON resident (merged_into) WHERE merged_into IS NOT NULL;

CREATE TRIGGER resident_stays BEFORE DELETE ON resident
BEGIN SELECT RAISE(ABORT, 'a resident is never deleted'); END;

-- Where somebody lived and in what state, from which moment on: past totals are counted from this.
CREATE TABLE residency (
    id INTEGER PRIMARY KEY,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    village_id INTEGER NOT NULL REFERENCES village (id),
    status TEXT NOT NULL,
    from_at TEXT NOT NULL
) STRICT;
CREATE INDEX residency_by_resident ON residency (resident_id, id);
CREATE INDEX residency_by_moment ON residency (from_at);

CREATE TRIGGER residency_first AFTER INSERT ON resident
BEGIN
    INSERT INTO residency (resident_id, village_id, status, from_at)
    VALUES (NEW.id, NEW.village_id, NEW.status, NEW.changed_at);
END;
CREATE TRIGGER residency_next AFTER UPDATE OF village_id, status ON resident
WHEN NEW.village_id <> OLD.village_id OR NEW.status <> OLD.status
BEGIN
    INSERT INTO residency (resident_id, village_id, status, from_at)
    VALUES (NEW.id, NEW.village_id, NEW.status, NEW.changed_at);
END;
CREATE TRIGGER residency_stays_u BEFORE UPDATE ON residency
BEGIN SELECT RAISE(ABORT, 'residency only grows'); END;
CREATE TRIGGER residency_stays_d BEFORE DELETE ON residency
BEGIN SELECT RAISE(ABORT, 'residency only grows'); END;

-- Papers a person is known by. A number belongs to one person for ever; a newer paper makes the older one past.
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    kind TEXT NOT NULL,
    number TEXT NOT NULL UNIQUE CHECK (length(number) BETWEEN 3 AND 40),
    is_current INTEGER NOT NULL DEFAULT 1 CHECK (is_current IN (0, 1)),
    added_at TEXT NOT NULL
) STRICT;
CREATE INDEX document_by_resident ON document (resident_id, is_current, number, kind);
CREATE UNIQUE INDEX document_current ON document (resident_id) WHERE is_current = 1;
CREATE INDEX document_by_tail ON document (substr(number, -4));

-- Pinyin in full and as initials, every reading of a name, for lookup by prefix.
CREATE TABLE name_reading (
    reading TEXT NOT NULL,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    PRIMARY KEY (reading, resident_id)
) STRICT, WITHOUT ROWID;

-- Facts a policy asks about that have no column of their own; keys are those of the command-line contract.
CREATE TABLE resident_fact (
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES staff (id),
    PRIMARY KEY (resident_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE employee_insurance (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    from_on TEXT NOT NULL,
    to_on TEXT CHECK (to_on IS NULL OR to_on >= from_on),
    place TEXT NOT NULL DEFAULT '',
    recorded_at TEXT NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX employee_insurance_by_resident ON employee_insurance (resident_id);

-- Files that came in: what, from whom, with which result. The contents are not kept.
CREATE TABLE import_file (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    department TEXT NOT NULL DEFAULT '',
    imported_at TEXT NOT NULL,
    imported_by INTEGER NOT NULL REFERENCES staff (id),
    rows INTEGER NOT NULL,
    added INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    detail TEXT NOT NULL DEFAULT '{}',
    CHECK (rows = added + updated + unchanged + rejected)
) STRICT;
CREATE INDEX import_file_by_hash ON import_file (sha256);

-- What a file changed: empty `before` for rows it added, else the values it replaced, as JSON.
CREATE TABLE import_change (
    id INTEGER PRIMARY KEY,
    import_file_id INTEGER NOT NULL REFERENCES import_file (id),
    what TEXT NOT NULL CHECK (what IN ('village', 'resident', 'identity', 'enrolment')),
    row_id INTEGER NOT NULL,
    before TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX import_change_by_file ON import_change (import_file_id);

-- A subsidy identity from the day a list (or the desk) brought it; ended_on is the first day it no longer counts.
CREATE TABLE identity (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    code TEXT NOT NULL,
    from_on TEXT NOT NULL,
    ended_on TEXT CHECK (ended_on IS NULL OR ended_on >= from_on),
    disability_kind TEXT,
    disability_grade INTEGER CHECK (disability_grade BETWEEN 1 AND 4),
    department TEXT NOT NULL DEFAULT '',
    listed_on TEXT,
    import_file_id INTEGER REFERENCES import_file (id),
    entered_at TEXT NOT NULL,
    entered_by INTEGER NOT NULL REFERENCES staff (id),
    ended_at TEXT CHECK ((ended_at IS NULL) = (ended_on IS NULL)),
    ended_by INTEGER REFERENCES staff (id),
    end_reason TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX identity_by_resident ON identity (resident_id, code);
CREATE UNIQUE INDEX identity_open ON identity (resident_id, code) WHERE ended_on IS NULL;
CREATE INDEX identity_by_code ON identity (code, ended_on);
CREATE TRIGGER identity_stays BEFORE DELETE ON identity
BEGIN SELECT RAISE(ABORT, 'an identity ends, it is never deleted'); END;
CREATE TRIGGER identity_ends_once BEFORE UPDATE ON identity
WHEN OLD.ended_on IS NOT NULL OR NEW.resident_id <> OLD.resident_id OR NEW.code <> OLD.code
    OR NEW.from_on <> OLD.from_on OR NEW.uid <> OLD.uid
BEGIN SELECT RAISE(ABORT, 'an identity can only be ended, once'); END;

-- ------------------------------------------------------------------------------------------------- day

CREATE TABLE business_day (
    day TEXT PRIMARY KEY CHECK (length(day) = 10 AND date(day) = day),
    opened_at TEXT NOT NULL,
    opened_by INTEGER NOT NULL REFERENCES staff (id)
) STRICT;

CREATE TABLE day_close (
    day TEXT PRIMARY KEY REFERENCES business_day (day),
    closed_at TEXT NOT NULL,
    closed_by INTEGER NOT NULL REFERENCES staff (id),
    expected_cash_fen INTEGER NOT NULL,
    counted_cash_fen INTEGER NOT NULL CHECK (counted_cash_fen >= 0),
    why TEXT NOT NULL DEFAULT ''
        CHECK (counted_cash_fen = expected_cash_fen OR length(why) > 0),
    sheet TEXT NOT NULL,
    chain_length INTEGER NOT NULL,
    chain_head TEXT NOT NULL
) STRICT;

CREATE TRIGGER business_day_stays_u BEFORE UPDATE ON business_day
BEGIN SELECT RAISE(ABORT, 'a day is opened once'); END;
CREATE TRIGGER business_day_stays_d BEFORE DELETE ON business_day
BEGIN SELECT RAISE(ABORT, 'a day is opened once'); END;
CREATE TRIGGER day_close_stays_u BEFORE UPDATE ON day_close
BEGIN SELECT RAISE(ABORT, 'a closed day stays closed'); END;
CREATE TRIGGER day_close_stays_d BEFORE DELETE ON day_close
BEGIN SELECT RAISE(ABORT, 'a closed day stays closed'); END;

-- ----------------------------------------------------------------------------------------------- money

-- Every change to an office that must not happen twice: its key was made before it was asked for.
CREATE TABLE operation (
    key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 8 AND 100),
    kind TEXT NOT NULL,
    desk TEXT NOT NULL DEFAULT '',
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    done_at TEXT NOT NULL,
    result TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_by_desk ON operation (desk, done_at);
CREATE TRIGGER operation_stays_u BEFORE UPDATE ON operation
BEGIN SELECT RAISE(ABORT, 'an operation is done once'); END;
CREATE TRIGGER operation_stays_d BEFORE DELETE ON operation
BEGIN SELECT RAISE(ABORT, 'an operation is done once'); END;

-- Operations whose outcome a desk has shown to its clerk.
CREATE TABLE operation_seen (
    operation_key TEXT PRIMARY KEY REFERENCES operation (key),
    seen_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a supervisor decided where the documents are silent.
CREATE TABLE ruling (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    year INTEGER NOT NULL,
    ruled_at TEXT NOT NULL,
    day TEXT NOT NULL,
    ruled_by INTEGER NOT NULL REFERENCES staff (id),
    why TEXT NOT NULL CHECK (length(why) > 0),
    document_number TEXT NOT NULL CHECK (length(document_number) > 0),
    referred TEXT NOT NULL,
    granted TEXT NOT NULL
) STRICT;
CREATE INDEX ruling_by_resident ON ruling (resident_id, year, id);
CREATE TRIGGER ruling_stays_u BEFORE UPDATE ON ruling
BEGIN SELECT RAISE(ABORT, 'a ruling is never changed'); END;
CREATE TRIGGER ruling_stays_d BEFORE DELETE ON ruling
BEGIN SELECT RAISE(ABORT, 'a ruling is never changed'); END;

-- One person's cover for one year, with everything it was decided on.
CREATE TABLE enrolment (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    year INTEGER NOT NULL,
    village_id INTEGER NOT NULL REFERENCES village (id),
    household_id INTEGER REFERENCES household (id),
    policy_hash TEXT NOT NULL REFERENCES policy_text (hash),
    ruling_id INTEGER REFERENCES ruling (id),
    paid_at TEXT NOT NULL,
    day TEXT NOT NULL,
    facts TEXT NOT NULL,
    quote TEXT NOT NULL,
    standard_fen INTEGER NOT NULL CHECK (standard_fen >= 0),
    coverage_from TEXT,
    coverage_to TEXT,
    waiting_from TEXT,
    waiting_to TEXT,
    ended_at TEXT,
    ended_day TEXT,
    ended_by TEXT CHECK (ended_by IN ('reversal', 'refund')),
    CHECK ((coverage_from IS NULL) = (coverage_to IS NULL)),
    CHECK ((waiting_from IS NULL) = (waiting_to IS NULL)),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_day IS NULL))
) STRICT;
CREATE UNIQUE INDEX enrolment_live ON enrolment (resident_id, year) WHERE ended_at IS NULL;
CREATE INDEX enrolment_by_resident ON enrolment (resident_id, year);
CREATE INDEX enrolment_by_village ON enrolment (year, village_id, ended_at, resident_id);
CREATE TRIGGER enrolment_stays BEFORE DELETE ON enrolment
BEGIN SELECT RAISE(ABORT, 'an enrolment ends, it is never deleted'); END;
CREATE TRIGGER enrolment_ends_once BEFORE UPDATE ON enrolment
WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
    OR NEW.id <> OLD.id OR NEW.uid <> OLD.uid OR NEW.resident_id <> OLD.resident_id
    OR NEW.year <> OLD.year OR NEW.village_id <> OLD.village_id
    OR NEW.household_id IS NOT OLD.household_id OR NEW.policy_hash <> OLD.policy_hash
    OR NEW.ruling_id IS NOT OLD.ruling_id OR NEW.paid_at <> OLD.paid_at OR NEW.day <> OLD.day
    OR NEW.facts <> OLD.facts OR NEW.quote <> OLD.quote OR NEW.standard_fen <> OLD.standard_fen
    OR NEW.coverage_from IS NOT OLD.coverage_from OR NEW.coverage_to IS NOT OLD.coverage_to
    OR NEW.waiting_from IS NOT OLD.waiting_from OR NEW.waiting_to IS NOT OLD.waiting_to
BEGIN SELECT RAISE(ABORT, 'an enrolment can only be ended, once'); END;

-- Nobody is enrolled twice for a year by having been two records.
-- CROSS JOIN keeps the order: started from the enrolments, it would read the whole year each time.
CREATE TRIGGER enrolment_of_merged BEFORE INSERT ON enrolment
WHEN EXISTS (SELECT 1 FROM resident WHERE id = NEW.resident_id AND merged_into IS NOT NULL)
    OR EXISTS (SELECT 1 FROM resident AS o CROSS JOIN enrolment AS e ON e.resident_id = o.id
        WHERE o.merged_into = NEW.resident_id AND e.year = NEW.year AND e.ended_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'enrolled for the year under a record merged with this one'); END;

-- Cover of years before this office kept its own ledger, as known from earlier lists.
CREATE TABLE earlier_enrolment (
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    year INTEGER NOT NULL,
    paid_on TEXT,
    PRIMARY KEY (resident_id, year)
) STRICT, WITHOUT ROWID;

-- The ledger. Nothing here is ever changed or deleted; what somebody paid is a sum.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('contribution', 'duplicate', 'reversal', 'refund')),
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id),
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    village_id INTEGER NOT NULL REFERENCES village (id),
    year INTEGER NOT NULL,
    day TEXT NOT NULL REFERENCES business_day (day),
    paid_at TEXT NOT NULL,
    entered_at TEXT NOT NULL,
    channel TEXT NOT NULL
        CHECK (channel IN ('cash', 'pos', 'mobile', 'bank', 'tax-hall', 'village')),
    voucher TEXT NOT NULL DEFAULT '',
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    individual_fen INTEGER NOT NULL,
    subsidy_fen INTEGER NOT NULL,
    reverses_id INTEGER UNIQUE REFERENCES entry (id),
    refund_id INTEGER UNIQUE REFERENCES refund (id),
    why TEXT NOT NULL DEFAULT '',
    operation_key TEXT NOT NULL REFERENCES operation (key) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL)),
    CHECK ((kind = 'refund') = (refund_id IS NOT NULL)),
    CHECK (kind <> 'reversal' OR length(why) > 0),
    CHECK (CASE WHEN kind IN ('contribution', 'duplicate')
           THEN individual_fen >= 0 AND subsidy_fen >= 0
           ELSE individual_fen <= 0 AND subsidy_fen <= 0 END)
) STRICT;
CREATE INDEX entry_by_enrolment ON entry (enrolment_id);
CREATE INDEX entry_by_resident ON entry (resident_id, year);
CREATE INDEX entry_by_day ON entry (day, staff_id, channel, kind, individual_fen, subsidy_fen);
CREATE INDEX entry_by_operation ON entry (operation_key);

CREATE TABLE entry_part (
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    source TEXT NOT NULL CHECK (source IN
        ('individual', 'medical-assistance', 'fiscal', 'health', 'veterans', 'collective')),
    identity TEXT NOT NULL DEFAULT '',
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (entry_id, source, identity),
    CHECK ((source = 'individual' AND identity = '') OR source <> 'individual')
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entry_stays_u BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
CREATE TRIGGER entry_stays_d BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
CREATE TRIGGER entry_part_stays_u BEFORE UPDATE ON entry_part
BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
CREATE TRIGGER entry_part_stays_d BEFORE DELETE ON entry_part
BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;

CREATE TRIGGER entry_day_is_open BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM day_close WHERE day = NEW.day)
BEGIN SELECT RAISE(ABORT, 'the day is closed'); END;

CREATE TRIGGER entry_of_its_enrolment BEFORE INSERT ON entry
WHEN NOT EXISTS (SELECT 1 FROM enrolment AS e WHERE e.id = NEW.enrolment_id
    AND e.resident_id = NEW.resident_id AND e.year = NEW.year)
BEGIN SELECT RAISE(ABORT, 'an entry belongs to its enrolment''s person and year'); END;

CREATE TRIGGER entry_reversal BEFORE INSERT ON entry
WHEN NEW.kind = 'reversal' AND NOT EXISTS (SELECT 1 FROM entry AS o WHERE o.id = NEW.reverses_id
    AND o.kind IN ('contribution', 'duplicate') AND o.enrolment_id = NEW.enrolment_id
    AND o.day = NEW.day AND o.channel = NEW.channel AND o.village_id = NEW.village_id
    AND o.individual_fen = -NEW.individual_fen AND o.subsidy_fen = -NEW.subsidy_fen)
BEGIN SELECT RAISE(ABORT, 'a reversal takes back one payment of the same day, whole'); END;

CREATE TRIGGER entry_refund BEFORE INSERT ON entry
WHEN NEW.kind = 'refund' AND NOT EXISTS (SELECT 1 FROM refund AS r WHERE r.id = NEW.refund_id
    AND r.state = 'approved' AND r.enrolment_id = NEW.enrolment_id
    AND r.individual_fen = -NEW.individual_fen AND r.subsidy_fen = -NEW.subsidy_fen)
BEGIN SELECT RAISE(ABORT, 'a refund is paid as it was approved'); END;

CREATE TRIGGER entry_first BEFORE INSERT ON entry
WHEN NEW.kind = 'contribution'
    AND EXISTS (SELECT 1 FROM entry WHERE enrolment_id = NEW.enrolment_id)
BEGIN SELECT RAISE(ABORT, 'an enrolment is paid once'); END;

-- ---------------------------------------------------------------------------------------------- receipts

CREATE TABLE receipt (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    series TEXT NOT NULL DEFAULT '',
    number INTEGER NOT NULL CHECK (number > 0),
    issued_at TEXT NOT NULL,
    day TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    operation_key TEXT NOT NULL REFERENCES operation (key) DEFERRABLE INITIALLY DEFERRED,
    replaces_id INTEGER UNIQUE REFERENCES receipt (id),
    amount_fen INTEGER NOT NULL CHECK (amount_fen >= 0),
    content TEXT NOT NULL,
    UNIQUE (series, number)
) STRICT;
CREATE INDEX receipt_by_day ON receipt (day, series, number);
CREATE INDEX receipt_by_operation ON receipt (operation_key);

CREATE TABLE receipt_line (
    receipt_id INTEGER NOT NULL REFERENCES receipt (id),
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    PRIMARY KEY (receipt_id, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_line_by_entry ON receipt_line (entry_id, receipt_id);

CREATE TABLE receipt_void (
    receipt_id INTEGER PRIMARY KEY REFERENCES receipt (id),
    voided_at TEXT NOT NULL,
    voided_by INTEGER NOT NULL REFERENCES staff (id),
    day TEXT NOT NULL,
    why TEXT NOT NULL CHECK (length(why) > 0)
) STRICT;

CREATE TABLE receipt_print (
    receipt_id INTEGER NOT NULL REFERENCES receipt (id),
    nth INTEGER NOT NULL CHECK (nth > 0),
    printed_at TEXT NOT NULL,
    printed_by INTEGER NOT NULL REFERENCES staff (id),
    form TEXT NOT NULL,
    PRIMARY KEY (receipt_id, nth)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER receipt_without_gap BEFORE INSERT ON receipt
WHEN NEW.number <> 1 + coalesce(
    (SELECT max(number) FROM receipt WHERE series = NEW.series), 0)
BEGIN SELECT RAISE(ABORT, 'receipt numbers run without gaps'); END;
CREATE TRIGGER receipt_stays_u BEFORE UPDATE ON receipt
BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END;
CREATE TRIGGER receipt_stays_d BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END;
CREATE TRIGGER receipt_line_stays_u BEFORE UPDATE ON receipt_line
BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END;
CREATE TRIGGER receipt_line_stays_d BEFORE DELETE ON receipt_line
BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END;
CREATE TRIGGER receipt_void_stays_u BEFORE UPDATE ON receipt_void
BEGIN SELECT RAISE(ABORT, 'a voided receipt stays void'); END;
CREATE TRIGGER receipt_void_stays_d BEFORE DELETE ON receipt_void
BEGIN SELECT RAISE(ABORT, 'a voided receipt stays void'); END;
CREATE TRIGGER receipt_print_stays_u BEFORE UPDATE ON receipt_print
BEGIN SELECT RAISE(ABORT, 'a printing is never forgotten'); END;
CREATE TRIGGER receipt_print_stays_d BEFORE DELETE ON receipt_print
BEGIN SELECT RAISE(ABORT, 'a printing is never forgotten'); END;
CREATE TRIGGER receipt_print_in_order BEFORE INSERT ON receipt_print
WHEN NEW.nth <> 1 + coalesce(
    (SELECT max(nth) FROM receipt_print WHERE receipt_id = NEW.receipt_id), 0)
BEGIN SELECT RAISE(ABORT, 'printings are numbered without gaps'); END;

-- ----------------------------------------------------------------------------------------------- refunds

CREATE TABLE refund (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL UNIQUE,
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id),
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    ground TEXT NOT NULL
        CHECK (ground IN ('death', 'duplicate', 'employee-insurance', 'changed-mind', 'moved-away')),
    proof TEXT NOT NULL DEFAULT '',
    payee TEXT NOT NULL CHECK (length(payee) > 0),
    payee_relation TEXT NOT NULL DEFAULT '',
    bank TEXT NOT NULL DEFAULT '',
    account TEXT NOT NULL CHECK (length(account) > 0),
    answer TEXT NOT NULL,
    individual_fen INTEGER NOT NULL CHECK (individual_fen >= 0),
    subsidy_fen INTEGER NOT NULL CHECK (subsidy_fen >= 0),
    ends_enrolment INTEGER NOT NULL CHECK (ends_enrolment IN (0, 1)),
    state TEXT NOT NULL
        CHECK (state IN ('requested', 'approved', 'paid', 'rejected', 'withdrawn')),
    requested_at TEXT NOT NULL,
    requested_by INTEGER NOT NULL REFERENCES staff (id),
    decided_at TEXT,
    decided_by INTEGER REFERENCES staff (id),
    settled_at TEXT,
    settled_by INTEGER REFERENCES staff (id),
    why TEXT NOT NULL DEFAULT '',
    document_number TEXT NOT NULL DEFAULT '',
    CHECK (decided_by IS NULL OR decided_by <> requested_by),
    CHECK ((state IN ('approved', 'paid')) <= (decided_by IS NOT NULL)),
    CHECK (state <> 'rejected' OR (decided_by IS NOT NULL AND length(why) > 0)),
    CHECK ((state IN ('paid', 'withdrawn')) = (settled_by IS NOT NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((settled_by IS NULL) = (settled_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX refund_live ON refund (entry_id)
    WHERE state IN ('requested', 'approved', 'paid');
CREATE INDEX refund_by_state ON refund (state, requested_at);
CREATE INDEX refund_by_enrolment ON refund (enrolment_id);
CREATE TRIGGER refund_stays BEFORE DELETE ON refund
BEGIN SELECT RAISE(ABORT, 'a refund is never deleted'); END;
CREATE TRIGGER refund_begins BEFORE INSERT ON refund
WHEN NEW.state <> 'requested'
BEGIN SELECT RAISE(ABORT, 'a refund begins as a request'); END;
CREATE TRIGGER refund_step BEFORE UPDATE ON refund
WHEN NOT ((OLD.state = 'requested' AND NEW.state IN ('approved', 'rejected', 'withdrawn'))
       OR (OLD.state = 'approved' AND NEW.state IN ('paid', 'withdrawn')))
BEGIN SELECT RAISE(ABORT, 'a refund cannot take this step'); END;
CREATE TRIGGER refund_request_stays BEFORE UPDATE ON refund
WHEN NEW.id <> OLD.id OR NEW.uid <> OLD.uid OR NEW.number <> OLD.number
    OR NEW.enrolment_id <> OLD.enrolment_id OR NEW.entry_id <> OLD.entry_id
    OR NEW.ground <> OLD.ground OR NEW.payee <> OLD.payee OR NEW.account <> OLD.account
    OR NEW.answer <> OLD.answer OR NEW.individual_fen <> OLD.individual_fen
    OR NEW.subsidy_fen <> OLD.subsidy_fen OR NEW.ends_enrolment <> OLD.ends_enrolment
    OR NEW.requested_at <> OLD.requested_at OR NEW.requested_by <> OLD.requested_by
    OR (OLD.decided_by IS NOT NULL
        AND (NEW.decided_by IS NOT OLD.decided_by OR NEW.decided_at IS NOT OLD.decided_at))
BEGIN SELECT RAISE(ABORT, 'what was requested and decided stays as it was'); END;

-- An ended enrolment must have been ended by a reversal or a paid refund that is in the ledger.
CREATE TRIGGER enrolment_end_has_cause BEFORE UPDATE ON enrolment
WHEN NEW.ended_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM entry WHERE enrolment_id = NEW.id AND kind = NEW.ended_by)
BEGIN SELECT RAISE(ABORT, 'an enrolment ends by an entry in the ledger'); END;

-- ------------------------------------------------------------------------------------------------ totals

-- Sums the board reads, kept by the triggers below and recounted against the ledger by `verify`.
-- tally_money and tally_head go by day, the day first, so that a span of days is one range: today,
-- the last weeks, any report. tally_source and tally_enrolled hold the whole year, so that a
-- refresh of the board reads a few rows for a village, however long the year has been.
CREATE TABLE tally_money (
    year INTEGER NOT NULL,
    day TEXT NOT NULL,
    village_id INTEGER NOT NULL REFERENCES village (id),
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    identity TEXT NOT NULL,
    entries INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (year, day, village_id, kind, channel, source, identity)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally_source (
    year INTEGER NOT NULL,
    village_id INTEGER NOT NULL REFERENCES village (id),
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (year, village_id, kind, channel, source)
) STRICT, WITHOUT ROWID;

-- Heads: enrolled and ended count what happened on the day, standing those enrolled on the day
-- whose enrolment is still in force.
CREATE TABLE tally_head (
    year INTEGER NOT NULL,
    day TEXT NOT NULL,
    village_id INTEGER NOT NULL REFERENCES village (id),
    enrolled INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    PRIMARY KEY (year, day, village_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally_enrolled (
    year INTEGER NOT NULL,
    village_id INTEGER NOT NULL REFERENCES village (id),
    heads INTEGER NOT NULL,
    PRIMARY KEY (year, village_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally_resident (
    village_id INTEGER PRIMARY KEY REFERENCES village (id),
    living INTEGER NOT NULL
) STRICT;

CREATE TRIGGER tally_money_grows AFTER INSERT ON entry_part
BEGIN
    INSERT INTO tally_money
        (year, day, village_id, kind, channel, source, identity, entries, amount_fen)
    SELECT e.year, e.day, e.village_id, e.kind, e.channel, NEW.source, NEW.identity, 1,
        NEW.amount_fen FROM entry AS e WHERE e.id = NEW.entry_id
    ON CONFLICT (year, day, village_id, kind, channel, source, identity) DO UPDATE
    SET entries = entries + 1, amount_fen = amount_fen + excluded.amount_fen;
    INSERT INTO tally_source (year, village_id, kind, channel, source, amount_fen)
    SELECT e.year, e.village_id, e.kind, e.channel, NEW.source, NEW.amount_fen
    FROM entry AS e WHERE e.id = NEW.entry_id
    ON CONFLICT (year, village_id, kind, channel, source) DO UPDATE
    SET amount_fen = amount_fen + excluded.amount_fen;
END;

CREATE TRIGGER tally_head_begins AFTER INSERT ON enrolment
BEGIN
    INSERT INTO tally_head (year, day, village_id, enrolled, ended, standing)
    VALUES (NEW.year, NEW.day, NEW.village_id, 1, 0, 1)
    ON CONFLICT (year, day, village_id) DO UPDATE
    SET enrolled = enrolled + 1, standing = standing + 1;
    INSERT INTO tally_enrolled (year, village_id, heads) VALUES (NEW.year, NEW.village_id, 1)
    ON CONFLICT (year, village_id) DO UPDATE SET heads = heads + 1;
END;
CREATE TRIGGER tally_head_ends AFTER UPDATE OF ended_at ON enrolment
WHEN NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL
BEGIN
    INSERT INTO tally_head (year, day, village_id, enrolled, ended, standing)
    VALUES (NEW.year, NEW.ended_day, NEW.village_id, 0, 1, 0)
    ON CONFLICT (year, day, village_id) DO UPDATE SET ended = ended + 1;
    UPDATE tally_head SET standing = standing - 1
    WHERE year = NEW.year AND day = NEW.day AND village_id = NEW.village_id;
    UPDATE tally_enrolled SET heads = heads - 1
    WHERE year = NEW.year AND village_id = NEW.village_id;
END;

CREATE TRIGGER tally_resident_new AFTER INSERT ON resident WHEN NEW.status = 'living'
BEGIN
    INSERT INTO tally_resident (village_id, living) VALUES (NEW.village_id, 1)
    ON CONFLICT (village_id) DO UPDATE SET living = living + 1;
END;
CREATE TRIGGER tally_resident_moves AFTER UPDATE OF village_id, status ON resident
WHEN NEW.village_id <> OLD.village_id OR NEW.status <> OLD.status
BEGIN
    UPDATE tally_resident SET living = living - 1
    WHERE village_id = OLD.village_id AND OLD.status = 'living';
    INSERT INTO tally_resident (village_id, living)
    SELECT NEW.village_id, 1 WHERE NEW.status = 'living'
    ON CONFLICT (village_id) DO UPDATE SET living = living + 1;
END;

-- ------------------------------------------------------------------------------------------------- audit

-- Who did what, each row sealed with the one before it. Personal data stays out: rows are named by uid.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    staff_id INTEGER REFERENCES staff (id),
    desk TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    seal TEXT CHECK (length(seal) = 64), -- where rows outside the ledger had changed
    previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;
-- The sums that audit.seal is the root of: see townshipdesk/store/seal.py.
CREATE TABLE seal (
    name TEXT PRIMARY KEY,
    last_key INTEGER NOT NULL,
    rows INTEGER NOT NULL CHECK (rows >= 0),
    sum TEXT NOT NULL CHECK (length(sum) = 64)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_by_subject ON audit (subject, id);
CREATE INDEX audit_by_action ON audit (action, id);
CREATE TRIGGER audit_stays_u BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_stays_d BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_follows BEFORE INSERT ON audit
WHEN NEW.id IS NULL OR NEW.id <> 1 + coalesce((SELECT max(id) FROM audit), 0)
    OR NEW.previous <> coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), '')
BEGIN SELECT RAISE(ABORT, 'an audit row follows the one before it'); END;
