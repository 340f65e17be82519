"""What must always hold in an office file, as queries that give the rows for which it does not.

Each rule is a query over the whole file; its columns fill the {named} places of where the problem
is and what it is. The constraints and triggers of the schema forbid most of this already: these
queries find what was done with them out of the way.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from townshipdesk.i18n import N_


class Invariant(NamedTuple):
    """A rule: `query` gives one row for each breach; `where` and `text` are message keys."""

    code: str
    where: str
    text: str
    query: str


_PAYMENT: Final = N_("payment {entry}")
_ENROLMENT: Final = N_("enrolment {enrolment}")
_RECEIPT: Final = N_("receipt {receipt}")
_REFUND: Final = N_("refund {refund}")
_DAY: Final = N_("day {day}")
_TOTALS: Final = N_("totals of the villages")


LEDGER: Final = (
    Invariant(
        "parts",
        _PAYMENT,
        N_("Its parts by source do not add up to its sums."),
        """
        SELECT e.uid AS entry FROM entry AS e LEFT JOIN (
            SELECT entry_id, sum(amount_fen) FILTER (WHERE source = 'individual') AS individual,
                sum(amount_fen) FILTER (WHERE source <> 'individual') AS others
            FROM entry_part GROUP BY entry_id) AS p ON p.entry_id = e.id
        WHERE coalesce(p.individual, 0) <> e.individual_fen
            OR coalesce(p.others, 0) <> e.subsidy_fen""",
    ),
    Invariant(
        "standard",
        _PAYMENT,
        N_("What was paid by all sources is not the standard it was decided on."),
        """
        SELECT e.uid AS entry FROM entry AS e JOIN enrolment AS n ON n.id = e.enrolment_id
        WHERE e.kind = 'contribution' AND e.individual_fen + e.subsidy_fen <> n.standard_fen""",
    ),
    Invariant(
        "quote",
        _PAYMENT,
        N_("The sums are not those of the quote that was kept with it."),
        """
        SELECT e.uid AS entry FROM entry AS e JOIN enrolment AS n ON n.id = e.enrolment_id
        WHERE e.kind = 'contribution' AND CASE WHEN NOT json_valid(n.quote) THEN 1 ELSE
            n.quote ->> '$.due' IS NOT
                printf('%d.%02d', e.individual_fen / 100, e.individual_fen % 100)
            OR n.quote ->> '$.standard' IS NOT
                printf('%d.%02d', n.standard_fen / 100, n.standard_fen % 100)
            OR n.quote ->> '$.coverage.from' IS NOT n.coverage_from
            OR n.quote ->> '$.coverage.to' IS NOT n.coverage_to END""",
    ),
    Invariant(
        "entry-enrolment",
        _PAYMENT,
        N_("It belongs to another person, year, village, day or moment than its enrolment."),
        """
        SELECT e.uid AS entry FROM entry AS e JOIN enrolment AS n ON n.id = e.enrolment_id
        WHERE e.resident_id <> n.resident_id OR e.year <> n.year OR e.village_id <> n.village_id
            OR (e.kind = 'contribution' AND (e.paid_at <> n.paid_at OR e.day <> n.day))""",
    ),
    Invariant(
        "paid-once",
        _ENROLMENT,
        N_("It rests on {count} payments instead of one."),
        """
        SELECT n.uid AS enrolment, count(e.id) AS count FROM enrolment AS n
        LEFT JOIN entry AS e ON e.enrolment_id = n.id AND e.kind = 'contribution'
        GROUP BY n.id HAVING count(e.id) <> 1""",
    ),
    Invariant(
        "enrolled-twice",
        _ENROLMENT,
        N_("The same person is enrolled for {year} more than once."),
        """
        SELECT max(uid) AS enrolment, year FROM enrolment WHERE ended_at IS NULL
        GROUP BY resident_id, year HAVING count(*) > 1""",
    ),
    Invariant(
        "reversal",
        _PAYMENT,
        N_("The reversal does not take back exactly one payment of the same day, part by part."),
        """
        SELECT e.uid AS entry FROM entry AS e LEFT JOIN entry AS o ON o.id = e.reverses_id
        WHERE e.kind = 'reversal' AND (o.id IS NULL OR o.kind NOT IN ('contribution', 'duplicate')
            OR o.day <> e.day OR o.channel <> e.channel OR o.enrolment_id <> e.enrolment_id
            OR EXISTS (SELECT source, identity, amount_fen FROM entry_part WHERE entry_id = o.id
                EXCEPT SELECT source, identity, -amount_fen FROM entry_part WHERE entry_id = e.id)
            OR EXISTS (SELECT source, identity, -amount_fen FROM entry_part WHERE entry_id = e.id
                EXCEPT SELECT source, identity, amount_fen FROM entry_part WHERE entry_id = o.id))
        """,
    ),
    Invariant(
        "ended-without-cause",
        _ENROLMENT,
        N_("It has ended, and no reversal or refund of that day says so."),
        """
        SELECT n.uid AS enrolment FROM enrolment AS n WHERE n.ended_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM entry AS e
            LEFT JOIN entry AS o ON o.id = e.reverses_id
            LEFT JOIN refund AS r ON r.id = e.refund_id
            WHERE e.enrolment_id = n.id AND e.kind = n.ended_by AND e.day = n.ended_day
                AND e.entered_at = n.ended_at
                AND (o.kind = 'contribution' OR r.ends_enrolment = 1))""",
    ),
    Invariant(
        "not-ended",
        _ENROLMENT,
        N_("Its payment was taken back or refunded, and it has not ended."),
        """
        SELECT n.uid AS enrolment FROM enrolment AS n
        JOIN entry AS e ON e.enrolment_id = n.id
        LEFT JOIN entry AS o ON o.id = e.reverses_id
        LEFT JOIN refund AS r ON r.id = e.refund_id
        WHERE n.ended_at IS NULL AND (o.kind = 'contribution' OR r.ends_enrolment = 1)""",
    ),
    Invariant(
        "policy-text",
        N_("policy text {policy}"),
        N_("It is not kept whole, and payments were decided by it."),
        """
        SELECT DISTINCT n.policy_hash AS policy FROM enrolment AS n
        LEFT JOIN policy_text AS p ON p.hash = n.policy_hash WHERE p.hash IS NULL""",
    ),
)

RECEIPTS: Final = (
    Invariant(
        "receipt-gap",
        _RECEIPT,
        N_("The numbers before it are missing, back to {before}."),
        """
        SELECT r.series || printf('%06d', r.number) AS receipt,
            r.series || printf('%06d', r.before) AS before FROM (
            SELECT series, number, coalesce(lag(number) OVER (
                PARTITION BY series ORDER BY number), 0) AS before FROM receipt) AS r
        WHERE r.number <> r.before + 1""",
    ),
    Invariant(
        "receipt-sum",
        _RECEIPT,
        N_("Its amount is not the sum of its payments."),
        """
        SELECT r.series || printf('%06d', r.number) AS receipt
        FROM receipt AS r LEFT JOIN (
            SELECT l.receipt_id, sum(e.individual_fen) AS paid FROM receipt_line AS l
            JOIN entry AS e ON e.id = l.entry_id GROUP BY l.receipt_id) AS p
            ON p.receipt_id = r.id
        WHERE coalesce(p.paid, -1) <> r.amount_fen""",
    ),
    Invariant(
        "receipt-content",
        _RECEIPT,
        N_("What is printed on it is not what was paid."),
        """
        SELECT r.series || printf('%06d', r.number) AS receipt FROM receipt AS r
        WHERE CASE WHEN NOT json_valid(r.content) THEN 1 ELSE r.amount_fen <> (
            SELECT coalesce(sum(l.value ->> 'individual_fen'), -1)
            FROM json_each(r.content, '$.lines') AS l) END""",
    ),
    Invariant(
        "receipt-missing",
        _PAYMENT,
        N_("It stands on {count} valid receipts instead of {expected}."),
        """
        SELECT e.uid AS entry, count(r.id) AS count, o.id IS NULL AS expected FROM entry AS e
        LEFT JOIN entry AS o ON o.reverses_id = e.id
        LEFT JOIN receipt_line AS l ON l.entry_id = e.id
        LEFT JOIN receipt AS r ON r.id = l.receipt_id AND NOT EXISTS (
            SELECT 1 FROM receipt_void AS v WHERE v.receipt_id = r.id)
        WHERE e.kind IN ('contribution', 'duplicate')
        GROUP BY e.id HAVING count(r.id) <> (o.id IS NULL)""",
    ),
    Invariant(
        "receipt-line",
        _RECEIPT,
        N_("It stands for something that is not a payment."),
        """
        SELECT r.series || printf('%06d', r.number) AS receipt
        FROM receipt AS r JOIN receipt_line AS l ON l.receipt_id = r.id
        JOIN entry AS e ON e.id = l.entry_id WHERE e.kind NOT IN ('contribution', 'duplicate')""",
    ),
    Invariant(
        "receipt-void",
        _RECEIPT,
        N_("It is void although none of its payments was taken back."),
        """
        SELECT r.series || printf('%06d', r.number) AS receipt
        FROM receipt_void AS v JOIN receipt AS r ON r.id = v.receipt_id
        WHERE NOT EXISTS (SELECT 1 FROM receipt_line AS l JOIN entry AS e
            ON e.reverses_id = l.entry_id WHERE l.receipt_id = r.id)""",
    ),
    Invariant(
        "receipt-replaces",
        _RECEIPT,
        N_("It replaces a receipt that is not void."),
        """
        SELECT r.series || printf('%06d', r.number) AS receipt FROM receipt AS r
        WHERE r.replaces_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM receipt_void AS v WHERE v.receipt_id = r.replaces_id)""",
    ),
)

REFUNDS: Final = (
    Invariant(
        "refund-entry",
        _REFUND,
        N_("Its state {state} and the ledger do not agree."),
        """
        SELECT r.number AS refund, r.state FROM refund AS r
        LEFT JOIN entry AS e ON e.refund_id = r.id
        WHERE (r.state = 'paid') <> (e.id IS NOT NULL) OR e.individual_fen <> -r.individual_fen
            OR e.subsidy_fen <> -r.subsidy_fen OR e.enrolment_id <> r.enrolment_id""",
    ),
    Invariant(
        "refund-same-person",
        _REFUND,
        N_("It was decided by the person who asked for it."),
        "SELECT number AS refund FROM refund WHERE decided_by = requested_by",
    ),
    Invariant(
        "refund-too-much",
        _REFUND,
        N_("It gives back more than was paid, or belongs to another enrolment than its payment."),
        """
        SELECT r.number AS refund FROM refund AS r LEFT JOIN entry AS e ON e.id = r.entry_id
        WHERE e.id IS NULL OR e.enrolment_id <> r.enrolment_id
            OR r.individual_fen > e.individual_fen OR r.subsidy_fen > e.subsidy_fen""",
    ),
    Invariant(
        "refund-twice",
        _REFUND,
        N_("Another refund of the same payment is alive as well."),
        """
        SELECT max(number) AS refund FROM refund
        WHERE state IN ('requested', 'approved', 'paid') GROUP BY entry_id HAVING count(*) > 1""",
    ),
    Invariant(
        "refund-state",
        _REFUND,
        N_("The audit log does not show how it came to be {state}."),
        """
        SELECT r.number AS refund, r.state FROM refund AS r
        LEFT JOIN audit AS a ON a.subject = r.uid AND a.action = 'refund.' || r.state
        WHERE a.id IS NULL""",
    ),
    Invariant(
        "refund-of-reversed",
        _REFUND,
        N_("Its payment was taken back as well."),
        """
        SELECT r.number AS refund FROM refund AS r JOIN entry AS o ON o.reverses_id = r.entry_id
        WHERE r.state IN ('requested', 'approved', 'paid')""",
    ),
)

DAYS: Final = (
    Invariant(
        "day-after-closing",
        _DAY,
        N_("{count} entries came into it after it was closed."),
        """
        SELECT c.day, count(*) AS count FROM day_close AS c JOIN entry AS e ON e.day = c.day
        WHERE e.entered_at > c.closed_at GROUP BY c.day""",
    ),
    Invariant(
        "day-of-entry",
        _PAYMENT,
        N_("It stands on {day} and was entered on another day."),
        """
        SELECT uid AS entry, day FROM entry WHERE day <> substr(entered_at, 1, 10)""",
    ),
    Invariant(
        "day-cash",
        _DAY,
        N_("The cash expected on its sheet is not what the ledger gives."),
        """
        SELECT c.day FROM day_close AS c WHERE c.expected_cash_fen <> (
            SELECT coalesce(sum(e.individual_fen), 0) FROM entry AS e
            WHERE e.day = c.day AND e.channel = 'cash')""",
    ),
)

TOTALS: Final = (
    Invariant(
        "tally-money",
        _TOTALS,
        N_("The sums of {day} by channel and source are not those of the ledger."),
        """
        WITH counted AS (SELECT e.year, e.day, e.village_id, e.kind, e.channel, p.source,
                p.identity, count(*) AS entries, sum(p.amount_fen) AS amount_fen
            FROM entry AS e JOIN entry_part AS p ON p.entry_id = e.id GROUP BY 1, 2, 3, 4, 5, 6, 7)
        SELECT day FROM (SELECT * FROM counted EXCEPT SELECT year, day, village_id, kind, channel,
                source, identity, entries, amount_fen FROM tally_money)
        UNION SELECT day FROM (SELECT year, day, village_id, kind, channel, source, identity,
                entries, amount_fen FROM tally_money EXCEPT SELECT * FROM counted)""",
    ),
    Invariant(
        "tally-source",
        _TOTALS,
        N_("The sums of {year} by source are not those of the ledger."),
        """
        WITH counted AS (SELECT e.year, e.village_id, e.kind, e.channel, p.source,
                sum(p.amount_fen) AS amount_fen
            FROM entry AS e JOIN entry_part AS p ON p.entry_id = e.id GROUP BY 1, 2, 3, 4, 5)
        SELECT year FROM (SELECT * FROM counted EXCEPT SELECT year, village_id, kind, channel,
                source, amount_fen FROM tally_source)
        UNION SELECT year FROM (SELECT year, village_id, kind, channel, source, amount_fen
                FROM tally_source EXCEPT SELECT * FROM counted)""",
    ),
    Invariant(
        "tally-head",
        _TOTALS,
        N_("The heads of {day} are not those of the enrolments."),
        """
        WITH counted AS (SELECT year, day, village_id, sum(enrolled) AS enrolled,
                sum(ended) AS ended, sum(standing) AS standing FROM (
            SELECT year, day, village_id, 1 AS enrolled, 0 AS ended, ended_at IS NULL AS standing
            FROM enrolment
            UNION ALL SELECT year, ended_day, village_id, 0, 1, 0 FROM enrolment
            WHERE ended_at IS NOT NULL) GROUP BY 1, 2, 3)
        SELECT day FROM (SELECT * FROM counted EXCEPT SELECT year, day, village_id, enrolled,
                ended, standing FROM tally_head)
        UNION SELECT day FROM (SELECT year, day, village_id, enrolled, ended, standing
                FROM tally_head EXCEPT SELECT * FROM counted)""",
    ),
    Invariant(
        "tally-enrolled",
        _TOTALS,
        N_("The enrolled of {year} are not those of the enrolments."),
        """
        WITH counted AS (SELECT year, village_id, count(*) FILTER (WHERE ended_at IS NULL) AS heads
            FROM enrolment GROUP BY 1, 2)
        SELECT year FROM (SELECT * FROM counted
            EXCEPT SELECT year, village_id, heads FROM tally_enrolled)
        UNION SELECT year FROM (SELECT year, village_id, heads FROM tally_enrolled
            EXCEPT SELECT * FROM counted)""",
    ),
    Invariant(
        "tally-resident",
        N_("village {village}"),
        N_("The count of its living residents is not that of the register."),
        """
        SELECT v.code AS village FROM village AS v
        LEFT JOIN tally_resident AS t ON t.village_id = v.id
        WHERE coalesce(t.living, 0) <> (
            SELECT count(*) FROM resident AS r WHERE r.village_id = v.id AND r.status = 'living')
        """,
    ),
    Invariant(
        "residency",
        N_("resident {resident}"),
        N_("The history of residence does not end with village and state as they are."),
        """
        SELECT r.uid AS resident FROM resident AS r LEFT JOIN residency AS h ON h.id = (
            SELECT max(id) FROM residency WHERE resident_id = r.id)
        WHERE h.village_id IS NOT r.village_id OR h.status IS NOT r.status""",
    ),
)
