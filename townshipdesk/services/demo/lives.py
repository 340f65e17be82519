"""What is known of the people besides their papers: identities, insurance, earlier years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.idnumber import DISABILITY_KINDS

if TYPE_CHECKING:
    from townshipdesk.policy import Policy
    from townshipdesk.services.demo.population import Household, Person, Population

_EARLIER_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity somebody holds or held, and the list it came from (its place among the lists)."""

    person: int
    code: str
    from_on: date
    ended_on: date | None
    disability_kind: str | None = None
    disability_grade: int | None = None
    department: str = ""


@dataclass(frozen=True, slots=True)
class EmployeeInsurance:
    """A time under employee insurance; without an end it goes on."""

    person: int
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Lives:
    """What is known besides the papers. `earlier` are person, year and day paid."""

    identities: list[Identity]
    employees: list[EmployeeInsurance]
    unable_to_work: list[int]
    earlier: list[tuple[int, int, date]]


class _Codes:
    """The identities this policy knows, with the department that lists each."""

    def __init__(self, policy: Policy) -> None:
        self._departments = {
            code: policy.departments[row.department].name.text("zh_CN") if row.department else ""
            for row in reversed(policy.identities)
            for code in row.codes
        }

    def first_of(self, *codes: str) -> str | None:
        """Give the first of these that the policy knows."""
        return next((code for code in codes if code in self._departments), None)

    def department(self, code: str) -> str:
        """Give the department whose list brings an identity."""
        return self._departments.get(code, "")


# A household is marked with one of these, or none; (share in a thousand, codes from newest policies
# to older ones that mean the same people).
_HOUSEHOLD_MARKS: Final = (
    (140, ("out-of-poverty", "registered-poor", "safety-net-poor")),
    (60, ("subsistence-allowance",)),
    (28, ("low-income",)),
    (15, ("unstable-out-of-poverty", "registered-poor")),
    (12, ("marginal",)),
    (7, ("sudden-hardship", "other-hardship")),
)


def live(dice: Random, policy: Policy, everybody: Population, today: date) -> Lives:
    """Give everybody a past under a policy, as of a day."""
    codes = _Codes(policy)
    lives = Lives([], [], [], [])
    for household in everybody.households:
        _mark_household(dice, codes, household, lives, today)
        for person in household.members:
            _mark_person(dice, codes, household, person, lives, today)
    _years(dice, policy.year, everybody, lives)
    return lives


def _mark_household(
    dice: Random, codes: _Codes, household: Household, lives: Lives, today: date
) -> None:
    throw = dice.randrange(1000)
    for share, names in _HOUSEHOLD_MARKS:
        if throw < share:
            code = codes.first_of(*names)
            if code is not None:
                begun = _day_before(dice, today, 300, 2000)
                ended = begun + timedelta(days=280) if dice.random() < 0.1 else None
                lives.identities.extend(
                    Identity(
                        p.id, code, max(begun, p.born), ended, department=codes.department(code)
                    )
                    for p in household.members
                    if ended is None or ended > p.born
                )
            return
        throw -= share


def _mark_person(
    dice: Random, codes: _Codes, household: Household, person: Person, lives: Lives, today: date
) -> None:
    age = person.age(today)
    code = None
    if len(household.members) == 1 and age >= 60 and dice.random() < 0.3:
        code = codes.first_of("extreme-hardship", "wubao", "subsistence-allowance")
    elif age < 18 and dice.randrange(250) == 0:
        code = codes.first_of("unsupported-child", "orphan")
    elif age >= 60 and person.sex == "male" and dice.randrange(60) == 0:
        code = codes.first_of("entitled-group")
    elif 20 <= age < 50 and dice.randrange(150) == 0:
        code = codes.first_of("only-child-parent", "two-daughter-couple")
    elif dice.randrange(160) == 0:  # came to the desk's knowledge after most had paid
        code = codes.first_of("subsistence-allowance")
        if code is not None and not _holds(lives, person.id, code):
            day = _day_before(dice, today, 1, 70)
            lives.identities.append(
                Identity(person.id, code, day, None, department=codes.department(code))
            )
        code = None
    if code is not None and not _holds(lives, person.id, code):
        begun = max(person.born, _day_before(dice, today, 300, 2000))
        lives.identities.append(
            Identity(person.id, code, begun, None, department=codes.department(code))
        )
    if age >= 3 and dice.randrange(35) == 0 and codes.first_of("disability"):
        _disable(dice, codes, person, lives, today)
    if 22 <= age < 60 and dice.randrange(24) == 0:
        begun = _day_before(dice, today, 200, 3000)
        ended = _day_before(dice, today, 5, 60) if dice.random() < 0.25 else None
        lives.employees.append(EmployeeInsurance(person.id, begun, ended))


def _disable(dice: Random, codes: _Codes, person: Person, lives: Lives, today: date) -> None:
    grade = dice.choice((1, 2, 2, 3, 3, 4, 4))
    lives.identities.append(
        Identity(
            person.id,
            "disability",
            max(person.born, _day_before(dice, today, 300, 4000)),
            None,
            dice.choice(DISABILITY_KINDS),
            grade,
            codes.department("disability"),
        )
    )
    if grade <= 2 and dice.random() < 0.6:
        lives.unable_to_work.append(person.id)


def _holds(lives: Lives, person: int, code: str) -> bool:
    return any(held.person == person and held.code == code for held in lives.identities[-40:])


def _years(dice: Random, year: int, everybody: Population, lives: Lives) -> None:
    """Write ten years back: most people every year, some with gaps, a few never."""
    for household in everybody.households:
        faithful = dice.random() < 0.8
        came = year - _EARLIER_YEARS if faithful else year - dice.randint(1, _EARLIER_YEARS)
        for person in household.members:
            if dice.randrange(25) == 0:
                continue
            missed: set[int] = set()
            if dice.random() < 0.14:
                last = year - dice.randint(1, 5)
                missed = set(range(last - dice.randint(0, 3), last + 1))
            for earlier in range(max(came, person.born.year), year):
                if earlier not in missed:
                    paid_on = max(
                        person.born, date(earlier - 1, dice.randint(9, 12), dice.randint(1, 28))
                    )
                    lives.earlier.append((person.id, earlier, paid_on))


def _day_before(dice: Random, today: date, fewest: int, most: int) -> date:
    return today - timedelta(days=dice.randint(fewest, most))
