-- A source pays a claim in parts when its own money comes in parts: one row for each of them instead of one for the claim.

CREATE TABLE claim_payment_part (
    id INTEGER PRIMARY KEY,
    claim_id INTEGER NOT NULL REFERENCES claim (id),
    paid_on TEXT NOT NULL CHECK (length(paid_on) = 10),
    amount_fen INTEGER NOT NULL,
    reference TEXT NOT NULL CHECK (length(reference) > 0),
    recorded_at TEXT NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES staff (id),
    why TEXT NOT NULL DEFAULT ''
) STRICT;

INSERT INTO claim_payment_part (claim_id, paid_on, amount_fen, reference, recorded_at, recorded_by, why)
SELECT claim_id, paid_on, amount_fen, reference, recorded_at, recorded_by, why FROM claim_payment ORDER BY recorded_at, claim_id;

DROP TABLE claim_payment;
ALTER TABLE claim_payment_part RENAME TO claim_payment;

CREATE INDEX claim_payment_by_claim ON claim_payment (claim_id, id);
CREATE TRIGGER claim_payment_while_owed BEFORE INSERT ON claim_payment
WHEN (SELECT sum(p.amount_fen) FROM claim_payment AS p WHERE p.claim_id = NEW.claim_id)
    = (SELECT c.amount_fen FROM claim AS c WHERE c.id = NEW.claim_id)
BEGIN SELECT RAISE(ABORT, 'a claim is paid when all of it has come'); END;
CREATE TRIGGER claim_payment_stays_u BEFORE UPDATE ON claim_payment
BEGIN SELECT RAISE(ABORT, 'a payment on a claim is never changed'); END;
CREATE TRIGGER claim_payment_stays_d BEFORE DELETE ON claim_payment
BEGIN SELECT RAISE(ABORT, 'a payment on a claim is never changed'); END;
