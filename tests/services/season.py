"""A season in which everything happens that moves a figure, told through the services themselves.

Files come in (villages, rosters, a department's list, a village's ledger, the bureau's list), one
roster is taken back; people pay, are taken back, get refunds, die, move, are born; cash goes to the
bank. `looks` are the moments at which somebody looked.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from tests.services.test_reconcile import tax_list
from tests.support import Desk, made_up_number
from townshipdesk.services import deposits, file_history, imports, people, refunds, register
from townshipdesk.services.imports import ImportKind, ImportOptions, undo
from townshipdesk.services.payments import Payment, PaymentOrder, pay
from townshipdesk.services.reconcile import accept_all, reconcile
from townshipdesk.services.reversals import reverse

VILLAGES = ("青杠村委会", "柿树村委会", "核桃村委会")
CODES = ("532399200201", "532399200202", "532399200203")
PEOPLE = 36


def number(place: int) -> str:
    """Give somebody's number: the first are old, the last are children."""
    return made_up_number(date(1945 + place * 2, 3, 4), 11 + place)


class Season:
    """The season at one desk."""

    def __init__(self, desk: Desk, folder: Path, look: Callable[[], None]) -> None:
        self.desk, self.folder, self.look = desk, folder, look
        self.office = desk.office
        self._files = 0

    def bring(
        self, kind: ImportKind, rows: Sequence[Sequence[object]], **options: object
    ) -> imports.Summary:
        """Bring a file in."""
        self._files += 1
        path = self.folder / f"{kind}-{self._files}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        chosen = ImportOptions(**options) if options else None  # type: ignore[arg-type]  # as given
        shown = imports.preview(self.office, kind, path, chosen)
        done = imports.commit(self.office, self.desk.clerk, shown)
        assert not done.rejections, done.rejections
        return done

    def person(self, place: int) -> int:
        """Give somebody's row number."""
        return people.find(self.office, number(place))[0].resident_id

    def paid(self, *places: int, channel: str = "cash") -> Payment:
        """Take a payment for people together."""
        order = PaymentOrder(tuple(map(self.person, places)), channel, voucher="1")
        return pay(self.office, self.desk.clerk, order)

    def refund(self, place: int, ground: str, *, to: str = "paid") -> None:
        """Ask for a refund and take it so far."""
        clerk, supervisor = self.desk.clerk, self.desk.supervisor
        wanted = refunds.RefundRequest(
            self.person(place), ground, payee="本人", account="62001", proof="证明"
        )
        asked = refunds.request(self.office, clerk, wanted)
        if to in ("approved", "paid"):
            refunds.approve(self.office, supervisor, asked.number)
        if to == "paid":
            refunds.pay_out(self.office, clerk, asked.number)

    def run(self) -> None:
        """Live through it, and look after each step."""
        for moment, step in self._steps().items():
            self.desk.at(moment)
            step()
            self.look()

    def _steps(self) -> dict[str, Callable[[], object]]:
        """Give what is done at each moment."""
        office, clerk = self.office, self.desk.clerk
        return {
            "2024-09-10T09:00": lambda: self.bring(ImportKind.VILLAGES, self._villages()),
            "2024-09-10T10:00": lambda: self.bring(ImportKind.RESIDENTS, self._roster()),
            "2024-09-11T09:00": lambda: self._department(self._list()),
            "2024-09-11T15:00": lambda: self.paid(0, 1, 2),
            "2024-09-12T09:30": lambda: self._mistake(3),
            "2024-09-13T09:00": lambda: self.bring(ImportKind.RESIDENTS, self._wrong_roster()),
            "2024-09-13T16:00": lambda: self.paid(6, 7, channel="pos"),
            "2024-09-14T09:00": self._take_roster_back,
            "2024-10-08T09:00": lambda: self.bring(
                ImportKind.CONTRIBUTIONS, self._ledger(), village=CODES[1]
            ),
            "2024-10-08T10:00": lambda: register.move(office, clerk, self.person(0), 2),
            "2024-10-09T09:00": lambda: self.paid(8, 9, 10, channel="mobile"),
            "2024-10-10T09:00": lambda: self.refund(8, "employee-insurance"),
            "2024-10-10T11:00": lambda: self.refund(9, "employee-insurance", to="approved"),
            "2024-10-11T09:00": lambda: self._die(1),
            "2024-10-11T10:00": lambda: self.refund(1, "death"),
            "2024-10-14T09:00": lambda: self._die(20),
            "2024-10-14T16:00": lambda: deposits.deposit(office, clerk, 40000, "HK1"),
            "2024-11-04T09:00": self._accept,
            "2024-11-04T10:00": lambda: self._department(self._list(later=True)),
            "2024-11-05T09:00": lambda: self.paid(3, 4),
            "2024-12-31T16:00": lambda: register.move(office, clerk, self.person(6), 3),
            "2025-03-17T09:00": lambda: self.paid(12, 14, channel="village"),
            "2025-03-17T10:00": lambda: self._mistake(19),
            "2025-03-18T09:00": lambda: None,
        }

    def _die(self, place: int) -> None:
        day = self.office.today()
        register.record_death(self.office, self.desk.clerk, self.person(place), day, "死亡证明")

    def _mistake(self, place: int) -> None:
        """Take a payment and take it back within the day."""
        payment = self.paid(place)
        reverse(self.office, self.desk.clerk, payment.lines[0].entry_uid, "录错人")

    def _take_roster_back(self) -> None:
        newest = file_history.history(self.office)[0].uid
        undo.take_back(self.office, self.desk.clerk, newest, "错村的花名册")

    def _department(self, rows: Sequence[Sequence[object]]) -> None:
        self.bring(ImportKind.IDENTITIES, rows, department="社会事务办", full=True)

    def _accept(self) -> None:
        """Compare with the bureau's list and take over who is only there."""
        moment = "2024-11-02 08:30:00"
        rows = [(number(8 + n), 2025, 400, "云南省电子税务局", moment, f"V{n}") for n in (3, 7, 10)]
        path = tax_list(self.folder / "tax.xlsx", rows)
        found = reconcile(self.office, self.desk.clerk, path)
        assert accept_all(self.office, self.desk.clerk, found.findings).accepted == 3

    # ------------------------------------------------------------------------------------ the files

    def _villages(self) -> list[list[object]]:
        """Give the annex with its printed sum: one task is given, two follow from the rate."""
        head = ["序号", "村(社区)", "行政区划代码", "村民小组数", "基数(户籍人口)", "任务数"]
        tasks = ((13, ""), (11, 9), (14, ""))
        rows = [
            [n, name, code, 2, *task]
            for n, (name, code, task) in enumerate(zip(VILLAGES, CODES, tasks, strict=True), 1)
        ]
        return [head, *rows, ["合计", "", "", 6, 38, ""]]

    def _roster(self) -> list[list[object]]:
        head = ["户号", "姓名", "证件号码", "村(社区)", "村民小组", "联系电话"]
        rows = [
            [f"H{n // 4:03d}", f"村民{_han(n)}", number(n), VILLAGES[n % 3], "一组", ""]
            for n in range(PEOPLE)
        ]
        return [head, *rows]

    def _wrong_roster(self) -> list[list[object]]:
        """Give a roster that is taken back: three new people, and one said to live elsewhere."""
        head = ["户号", "姓名", "证件号码", "村(社区)", "村民小组", "联系电话"]
        rows = [
            ["W001", f"新人{_han(n)}", number(n), VILLAGES[n % 2], "一组", ""]
            for n in range(PEOPLE, PEOPLE + 3)
        ]
        return [head, *rows, ["H005", f"村民{_han(21)}", number(21), VILLAGES[1], "一组", ""]]

    def _list(self, *, later: bool = False) -> list[list[object]]:
        """Give the department's list; the later one leaves one out and has a new one."""
        head = ["序号", "姓名", "身份证号码", "家庭住址", "联系电话", "救助身份", "纳入时间"]
        held = {2: "城乡低保对象", 4: "特困供养人员", 10: "脱贫不稳定户", 13: "城乡低保对象"}
        if later:
            del held[2]
            held[17] = "边缘易致贫户"
        return [
            head,
            *(
                [n, f"村民{_han(place)}", number(place), "", "", name, "2024-03-01"]
                for n, (place, name) in enumerate(held.items(), 1)
            ),
        ]

    def _ledger(self) -> list[list[object]]:
        """Give the second village's ledger: two pay, one of them with a subsidy."""
        head = [
            "户号", "户主", "姓名", "与户主关系", "证件号码", "身份类别", "应缴", "资助金额",
            "资助来源", "自缴金额", "缴费方式", "收据号", "缴费日期", "经手人",
        ]  # fmt: skip
        rows = [
            [f"H{n // 4:03d}", "", f"村民{_han(n)}", "", number(n), "", "", "", "",
             own, "现金", f"00{n}", "2024-10-07", "代办员"]
            for n, own in ((13, 280), (16, 400))
        ]  # fmt: skip
        return [head, *rows]


def _han(place: int) -> str:
    """Give a made-up given name."""
    return "一二三四五六七八九十"[place // 10] + "甲乙丙丁戊己庚辛壬癸"[place % 10]
