-- Pre-numbered receipt books (票据号段): received, issued to villages and clerks, used, voided, written off; and what
-- was paid into the bank (缴存). All of it only grows; what is outstanding is counted, never kept.

CREATE TABLE book (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) > 0),
    prefix TEXT NOT NULL DEFAULT '',
    first INTEGER NOT NULL CHECK (first > 0),
    last INTEGER NOT NULL,
    width INTEGER NOT NULL CHECK (width BETWEEN 1 AND 12),
    received_at TEXT NOT NULL,
    received_by INTEGER NOT NULL REFERENCES staff (id),
    CHECK (last >= first)
) STRICT;
CREATE INDEX book_by_range ON book (prefix, first, last);

-- A range of a book in somebody's hands: a village's or a clerk's.
CREATE TABLE book_issue (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    book_id INTEGER NOT NULL REFERENCES book (id),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    village_id INTEGER REFERENCES village (id),
    holder_id INTEGER REFERENCES staff (id),
    received_by TEXT NOT NULL DEFAULT '',
    issued_at TEXT NOT NULL,
    issued_by INTEGER NOT NULL REFERENCES staff (id),
    CHECK (last >= first),
    CHECK ((village_id IS NULL) <> (holder_id IS NULL))
) STRICT;
CREATE INDEX book_issue_by_book ON book_issue (book_id, first, last);

-- One number that was used for a payment or voided; all copies of a voided one are kept in the book.
CREATE TABLE paper (
    id INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES book_issue (id),
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('used', 'void')),
    entry_id INTEGER REFERENCES entry (id),
    copies_kept INTEGER CHECK (copies_kept >= 0),
    why TEXT NOT NULL DEFAULT '',
    recorded_at TEXT NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES staff (id),
    UNIQUE (issue_id, number, state),
    CHECK (state <> 'void' OR (length(why) > 0 AND copies_kept IS NOT NULL)),
    CHECK ((state = 'used') = (entry_id IS NOT NULL))
) STRICT;
CREATE INDEX paper_by_entry ON paper (entry_id) WHERE entry_id IS NOT NULL;

-- The books of an issue were checked against its ledger: what was used, voided and handed back unused.
CREATE TABLE book_write_off (
    issue_id INTEGER PRIMARY KEY REFERENCES book_issue (id),
    used INTEGER NOT NULL CHECK (used >= 0),
    void INTEGER NOT NULL CHECK (void >= 0),
    returned INTEGER NOT NULL CHECK (returned >= 0),
    written_off_at TEXT NOT NULL,
    written_off_by INTEGER NOT NULL REFERENCES staff (id),
    note TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TRIGGER book_without_overlap BEFORE INSERT ON book
WHEN EXISTS (SELECT 1 FROM book WHERE prefix = NEW.prefix
    AND first <= NEW.last AND last >= NEW.first)
BEGIN SELECT RAISE(ABORT, 'receipt books never overlap'); END;
CREATE TRIGGER book_issue_within_book BEFORE INSERT ON book_issue
WHEN NOT EXISTS (SELECT 1 FROM book WHERE id = NEW.book_id
    AND first <= NEW.first AND last >= NEW.last)
    OR EXISTS (SELECT 1 FROM book_issue WHERE book_id = NEW.book_id
    AND first <= NEW.last AND last >= NEW.first)
BEGIN SELECT RAISE(ABORT, 'a number is issued once, within its book'); END;
CREATE TRIGGER paper_within_issue BEFORE INSERT ON paper
WHEN NOT EXISTS (SELECT 1 FROM book_issue WHERE id = NEW.issue_id
    AND first <= NEW.number AND last >= NEW.number)
BEGIN SELECT RAISE(ABORT, 'a number belongs to the range that was issued'); END;
CREATE TRIGGER paper_not_written_off BEFORE INSERT ON paper
WHEN EXISTS (SELECT 1 FROM book_write_off WHERE issue_id = NEW.issue_id)
BEGIN SELECT RAISE(ABORT, 'these numbers have been written off'); END;
-- A void number is never used again; a used one becomes void when its payment was taken back.
CREATE TRIGGER paper_void_stays_void BEFORE INSERT ON paper
WHEN NEW.state = 'used' AND EXISTS (SELECT 1 FROM paper
    WHERE issue_id = NEW.issue_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'a receipt number is used once'); END;
CREATE TRIGGER write_off_adds_up BEFORE INSERT ON book_write_off
WHEN NEW.used + NEW.void + NEW.returned <> (
    SELECT last - first + 1 FROM book_issue WHERE id = NEW.issue_id)
BEGIN SELECT RAISE(ABORT, 'used, void and returned numbers add up to the range'); END;

CREATE TRIGGER book_stays_u BEFORE UPDATE ON book
BEGIN SELECT RAISE(ABORT, 'receipt books are never changed'); END;
CREATE TRIGGER book_stays_d BEFORE DELETE ON book
BEGIN SELECT RAISE(ABORT, 'receipt books are never changed'); END;
CREATE TRIGGER book_issue_stays_u BEFORE UPDATE ON book_issue
BEGIN SELECT RAISE(ABORT, 'receipt books are never changed'); END;
CREATE TRIGGER book_issue_stays_d BEFORE DELETE ON book_issue
BEGIN SELECT RAISE(ABORT, 'receipt books are never changed'); END;
CREATE TRIGGER paper_stays_u BEFORE UPDATE ON paper
BEGIN SELECT RAISE(ABORT, 'receipt books are never changed'); END;
CREATE TRIGGER paper_stays_d BEFORE DELETE ON paper
BEGIN SELECT RAISE(ABORT, 'receipt books are never changed'); END;
CREATE TRIGGER write_off_stays_u BEFORE UPDATE ON book_write_off
BEGIN SELECT RAISE(ABORT, 'a write-off is never changed'); END;
CREATE TRIGGER write_off_stays_d BEFORE DELETE ON book_write_off
BEGIN SELECT RAISE(ABORT, 'a write-off is never changed'); END;

-- Money paid into the bank: the desk's cash, or what a village collected.
CREATE TABLE deposit (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    village_id INTEGER REFERENCES village (id),
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
    bank_reference TEXT NOT NULL CHECK (length(bank_reference) > 0),
    deposited_on TEXT NOT NULL CHECK (length(deposited_on) = 10),
    recorded_at TEXT NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES staff (id),
    takes_back INTEGER UNIQUE REFERENCES deposit (id),
    why TEXT NOT NULL DEFAULT '' CHECK (takes_back IS NULL OR length(why) > 0)
) STRICT;

-- The days whose cash a deposit carried to the bank, oldest first.
CREATE TABLE deposit_day (
    deposit_id INTEGER NOT NULL REFERENCES deposit (id),
    day TEXT NOT NULL REFERENCES business_day (day),
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (deposit_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX deposit_day_by_day ON deposit_day (day);

CREATE TRIGGER deposit_taken_back_whole BEFORE INSERT ON deposit
WHEN NEW.takes_back IS NOT NULL AND NOT EXISTS (SELECT 1 FROM deposit AS o
    WHERE o.id = NEW.takes_back AND o.takes_back IS NULL
    AND o.amount_fen = NEW.amount_fen AND o.village_id IS NEW.village_id)
BEGIN SELECT RAISE(ABORT, 'a deposit is taken back whole, once'); END;
CREATE TRIGGER deposit_stays_u BEFORE UPDATE ON deposit
BEGIN SELECT RAISE(ABORT, 'deposits only grow'); END;
CREATE TRIGGER deposit_stays_d BEFORE DELETE ON deposit
BEGIN SELECT RAISE(ABORT, 'deposits only grow'); END;
CREATE TRIGGER deposit_day_stays_u BEFORE UPDATE ON deposit_day
BEGIN SELECT RAISE(ABORT, 'deposits only grow'); END;
CREATE TRIGGER deposit_day_stays_d BEFORE DELETE ON deposit_day
BEGIN SELECT RAISE(ABORT, 'deposits only grow'); END;
