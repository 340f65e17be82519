-- Roles, kept by the database itself: an auditor reads everything and changes nothing but the own
-- secrets; what is a supervisor's to decide is decided by one. And receipts stay out of closed days.

-- All an auditor leaves in the log: what was looked at or taken out, and the own password and PIN.
CREATE TRIGGER audit_of_auditor BEFORE INSERT ON audit
WHEN (SELECT role FROM staff WHERE id = NEW.staff_id) = 'auditor'
    AND NEW.action NOT IN ('log.exported', 'sheet.written', 'resident.numbers-shown', 'refund.account-shown',
        'village.phones-shown')
    AND NOT (NEW.action IN ('staff.password', 'staff.pin')
        AND NEW.subject = (SELECT 'staff:' || name FROM staff WHERE id = NEW.staff_id))
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;

CREATE TRIGGER operation_not_by_auditor BEFORE INSERT ON operation
WHEN (SELECT role FROM staff WHERE id = NEW.staff_id) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER entry_not_by_auditor BEFORE INSERT ON entry
WHEN (SELECT role FROM staff WHERE id = NEW.staff_id) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER receipt_not_by_auditor BEFORE INSERT ON receipt
WHEN (SELECT role FROM staff WHERE id = NEW.staff_id) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER receipt_void_not_by_auditor BEFORE INSERT ON receipt_void
WHEN (SELECT role FROM staff WHERE id = NEW.voided_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER receipt_print_not_by_auditor BEFORE INSERT ON receipt_print
WHEN (SELECT role FROM staff WHERE id = NEW.printed_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER refund_not_by_auditor BEFORE INSERT ON refund
WHEN (SELECT role FROM staff WHERE id = NEW.requested_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER business_day_not_by_auditor BEFORE INSERT ON business_day
WHEN (SELECT role FROM staff WHERE id = NEW.opened_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER day_close_not_by_auditor BEFORE INSERT ON day_close
WHEN (SELECT role FROM staff WHERE id = NEW.closed_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER paper_not_by_auditor BEFORE INSERT ON paper
WHEN (SELECT role FROM staff WHERE id = NEW.recorded_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER deposit_not_by_auditor BEFORE INSERT ON deposit
WHEN (SELECT role FROM staff WHERE id = NEW.recorded_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER identity_not_by_auditor BEFORE INSERT ON identity
WHEN (SELECT role FROM staff WHERE id = NEW.entered_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER employee_insurance_not_by_auditor BEFORE INSERT ON employee_insurance
WHEN (SELECT role FROM staff WHERE id = NEW.recorded_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER import_file_not_by_auditor BEFORE INSERT ON import_file
WHEN (SELECT role FROM staff WHERE id = NEW.imported_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;

CREATE TRIGGER ruling_by_supervisor BEFORE INSERT ON ruling
WHEN (SELECT role FROM staff WHERE id = NEW.ruled_by) <> 'supervisor'
BEGIN SELECT RAISE(ABORT, 'a supervisor decides where the policy is silent'); END;
CREATE TRIGGER setting_by_supervisor BEFORE INSERT ON setting
WHEN (SELECT role FROM staff WHERE id = NEW.set_by) <> 'supervisor'
BEGIN SELECT RAISE(ABORT, 'a supervisor changes settings'); END;
CREATE TRIGGER book_by_supervisor BEFORE INSERT ON book
WHEN (SELECT role FROM staff WHERE id = NEW.received_by) <> 'supervisor'
BEGIN SELECT RAISE(ABORT, 'a supervisor keeps the receipt books'); END;
CREATE TRIGGER book_issue_by_supervisor BEFORE INSERT ON book_issue
WHEN (SELECT role FROM staff WHERE id = NEW.issued_by) <> 'supervisor'
BEGIN SELECT RAISE(ABORT, 'a supervisor keeps the receipt books'); END;
CREATE TRIGGER book_write_off_by_supervisor BEFORE INSERT ON book_write_off
WHEN (SELECT role FROM staff WHERE id = NEW.written_off_by) <> 'supervisor'
BEGIN SELECT RAISE(ABORT, 'a supervisor keeps the receipt books'); END;
CREATE TRIGGER deposit_back_by_supervisor BEFORE INSERT ON deposit
WHEN NEW.takes_back IS NOT NULL
    AND (SELECT role FROM staff WHERE id = NEW.recorded_by) <> 'supervisor'
BEGIN SELECT RAISE(ABORT, 'a supervisor takes a deposit back'); END;
CREATE TRIGGER refund_decided_by_supervisor BEFORE UPDATE ON refund
WHEN OLD.decided_by IS NULL AND NEW.decided_by IS NOT NULL
    AND (SELECT role FROM staff WHERE id = NEW.decided_by) <> 'supervisor'
BEGIN SELECT RAISE(ABORT, 'a supervisor decides about a refund'); END;
CREATE TRIGGER refund_settled_not_by_auditor BEFORE UPDATE ON refund
WHEN (SELECT role FROM staff WHERE id = NEW.settled_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;
CREATE TRIGGER identity_ended_not_by_auditor BEFORE UPDATE ON identity
WHEN (SELECT role FROM staff WHERE id = NEW.ended_by) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor changes nothing'); END;

-- A range goes to somebody who can write on it.
CREATE TRIGGER book_issue_not_to_auditor BEFORE INSERT ON book_issue
WHEN (SELECT role FROM staff WHERE id = NEW.holder_id) = 'auditor'
BEGIN SELECT RAISE(ABORT, 'an auditor writes no receipts'); END;

-- Entries stay out of closed days already; so do receipts, and what becomes of them.
CREATE TRIGGER receipt_day_is_open BEFORE INSERT ON receipt
WHEN EXISTS (SELECT 1 FROM day_close WHERE day = NEW.day)
BEGIN SELECT RAISE(ABORT, 'the day is closed'); END;
CREATE TRIGGER receipt_void_day_is_open BEFORE INSERT ON receipt_void
WHEN EXISTS (SELECT 1 FROM day_close WHERE day = NEW.day)
BEGIN SELECT RAISE(ABORT, 'the day is closed'); END;
CREATE TRIGGER enrolment_day_is_open BEFORE INSERT ON enrolment
WHEN EXISTS (SELECT 1 FROM day_close WHERE day = NEW.day)
BEGIN SELECT RAISE(ABORT, 'the day is closed'); END;
CREATE TRIGGER enrolment_ended_day_is_open BEFORE UPDATE ON enrolment
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM day_close WHERE day = NEW.ended_day)
BEGIN SELECT RAISE(ABORT, 'the day is closed'); END;
