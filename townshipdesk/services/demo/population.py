"""People in households: who they are, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from townshipdesk.domain.idnumber import DocumentKind, check_character
from townshipdesk.services.demo.names import full_name, long_name, surname
from townshipdesk.services.demo.places import COUNTY, OTHER_COUNTIES, Village

_RELATIONS: Final = {
    ("child", "male"): "子",
    ("child", "female"): "女",
    ("grandchild", "male"): "孙子",
    ("grandchild", "female"): "孙女",
    ("parent", "male"): "父亲",
    ("parent", "female"): "母亲",
    ("in-law", "male"): "女婿",
    ("in-law", "female"): "儿媳",
}
_YOUNG: Final = 16
_NEWBORN: Final = 40
"""One young person in so many has just been born."""
_DAYS_A_YEAR: Final = 365


@dataclass(slots=True)
class Person:
    """Somebody made up. `id` is the row's number once households are laid out."""

    name: str
    sex: str
    born: date
    relation: str
    number: str = ""
    document_kind: str = str(DocumentKind.RESIDENT_ID)
    phone: str = ""
    ethnicity: str = "汉族"
    id: int = 0

    def age(self, day: date) -> int:
        """Give the completed years on a day, near enough to make somebody up."""
        return (day - self.born).days // _DAYS_A_YEAR


@dataclass(slots=True)
class Household:
    """A household in a group of a village; the head is the first member."""

    number: str
    village: int
    group: str
    members: list[Person]
    payer_group: str = "walk-in"
    id: int = 0


@dataclass(slots=True)
class Population:
    """Everybody, laid out with row numbers from 1 in both lists."""

    villages: list[Village]
    households: list[Household] = field(default_factory=list)

    def people(self) -> list[Person]:
        """Give everybody in the order of their row numbers."""
        return [person for household in self.households for person in household.members]


def populate(dice: Random, villages: list[Village], residents: int, today: date) -> Population:
    """Make so many people, spread over the villages in households, as they are on a day."""
    everybody = Population(villages)
    numbers = _Numbers(dice)
    for index, village in enumerate(villages):
        wanted = residents * (index + 1) // len(villages) - residents * index // len(villages)
        made = 0
        serial = 0
        while made < wanted:
            serial += 1
            members = _household(dice, today)[: wanted - made]
            made += len(members)
            everybody.households.append(
                Household(
                    number=f"{village.prefix}{serial:04d}",
                    village=index,
                    group=dice.choice(village.groups),
                    members=members,
                )
            )
    for household_id, household in enumerate(everybody.households, 1):
        household.id = household_id
    young = 0
    for person_id, person in enumerate(everybody.people(), 1):
        person.id = person_id
        young += person.age(today) < _YOUNG
        if person.age(today) < _YOUNG and young % _NEWBORN == _NEWBORN // 2:
            person.born = today - timedelta(days=dice.randint(5, 80))
        _give_papers(dice, person, numbers, today)
    return everybody


def _household(dice: Random, today: date) -> list[Person]:
    form = dice.random()
    family = surname(dice)
    if form < 0.45:
        return _couple_with_children(dice, family, today, dice.randint(27, 58))
    if form < 0.75:
        return _three_generations(dice, family, today)
    if form < 0.9:
        head = _person(dice, family, "male", today, dice.randint(60, 88), "户主")
        if dice.random() < 0.35:
            return [head]
        return [head, _spouse(dice, head, today)]
    head = _person(
        dice, family, dice.choice(("male", "female")), today, dice.randint(25, 66), "户主"
    )
    return [head, *_children(dice, family, today, head.age(today), dice.randint(0, 2))]


def _couple_with_children(dice: Random, family: str, today: date, age: int) -> list[Person]:
    head = _person(dice, family, "male" if dice.random() < 0.85 else "female", today, age, "户主")
    children = _children(dice, family, today, age, dice.choice((0, 1, 1, 2, 2, 3)))
    return [head, _spouse(dice, head, today), *children]


def _three_generations(dice: Random, family: str, today: date) -> list[Person]:
    head = _person(dice, family, "male", today, dice.randint(46, 66), "户主")
    members = [head, _spouse(dice, head, today)]
    if dice.random() < 0.4:
        parent_sex = dice.choice(("male", "female"))
        parent_age = head.age(today) + dice.randint(20, 30)
        parent_family = family if parent_sex == "male" else surname(dice)
        members.append(_relative(dice, parent_family, parent_sex, today, parent_age, "parent"))
    child_age = max(20, head.age(today) - dice.randint(21, 30))
    child = _relative(dice, family, "male", today, child_age, "child")
    members.append(child)
    if dice.random() < 0.7:
        members.append(
            _relative(dice, surname(dice), "female", today, max(20, child_age - 2), "in-law")
        )
        for _number in range(dice.randint(0, 2)):
            grown = max(0, min(child_age - 21, dice.randint(0, 16)))
            sex = dice.choice(("male", "female"))
            members.append(_relative(dice, family, sex, today, grown, "grandchild"))
    return members


def _children(dice: Random, family: str, today: date, age: int, count: int) -> list[Person]:
    grown = sorted((age - dice.randint(20, 34) for _number in range(count)), reverse=True)
    return [
        _relative(dice, family, dice.choice(("male", "female")), today, child_age, "child")
        for child_age in grown
        if 0 <= child_age < 27 or (child_age >= 27 and dice.random() < 0.2)
    ]


def _spouse(dice: Random, head: Person, today: date) -> Person:
    sex = "female" if head.sex == "male" else "male"
    age = max(20, head.age(today) + dice.randint(-5, 3))
    return _person(dice, surname(dice), sex, today, age, "配偶")


def _relative(dice: Random, family: str, sex: str, today: date, age: int, relation: str) -> Person:
    return _person(dice, family, sex, today, age, _RELATIONS[relation, sex])


def _person(dice: Random, family: str, sex: str, today: date, age: int, relation: str) -> Person:
    born = today - timedelta(days=age * _DAYS_A_YEAR + age // 4 + dice.randrange(_DAYS_A_YEAR))
    return Person(full_name(dice, family, sex, born.year), sex, born, relation)


class _Numbers:
    """Document numbers, each given out once."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._given: set[str] = set()

    def resident_id(self, born: date, sex: str) -> str:
        """Give a resident ID number of a county that does not exist."""
        county = COUNTY if self._dice.random() < 0.94 else self._dice.choice(OTHER_COUNTIES)
        return self.eighteen(county, born, sex)

    def eighteen(self, county: str, born: date, sex: str) -> str:
        """Give a number of 18 characters with a right check character."""
        while True:
            sequence = self._dice.randrange(0, 1000, 2) + (sex == "male")
            first = f"{county}{born:%Y%m%d}{sequence:03d}"
            if first not in self._given:
                self._given.add(first)
                return first + check_character(first)
            if self._dice.random() < 0.02:  # a very large office: the next county that is not there
                county = f"{int(county) - 1:06d}"

    def birth_certificate(self) -> str:
        """Give the number of a birth certificate: a letter and nine digits."""
        while True:
            number = f"{self._dice.choice('TUVW')}{self._dice.randrange(10**9):09d}"
            if number not in self._given:
                self._given.add(number)
                return number


_LONG_NAMES: Final = 400
"""One person in so many has a very long name."""
_UNUSUAL: Final = 700
"""One person in so many has another document than a resident ID card."""
_PERMITS: Final = (
    ("810000", DocumentKind.HK_MO_TW_RESIDENCE),
    ("911124", DocumentKind.FOREIGN_RESIDENCE),
    ("830000", DocumentKind.HK_MO_TW_RESIDENCE),
)


def _give_papers(dice: Random, person: Person, numbers: _Numbers, today: date) -> None:
    """Give somebody a document, and adults mostly a telephone."""
    if person.id % _LONG_NAMES == _LONG_NAMES // 2:
        person.name = long_name(person.sex, person.id // _LONG_NAMES)
    person.number = numbers.resident_id(person.born, person.sex)
    if (today - person.born).days < 90 and dice.random() < 0.6:
        person.document_kind = str(DocumentKind.BIRTH_CERTIFICATE)
        person.number = numbers.birth_certificate()
    elif person.id % _UNUSUAL == _UNUSUAL // 2:
        county, kind = _PERMITS[person.id // _UNUSUAL % len(_PERMITS)]
        person.document_kind = str(kind)
        person.number = numbers.eighteen(county, person.born, person.sex)
    if dice.random() < 0.12:
        person.ethnicity = dice.choice(("彝族", "回族", "傈僳族", "苗族", "白族"))
    if person.age(today) >= 16 and dice.random() < 0.75:
        person.phone = f"19900{dice.randrange(10**6):06d}"
