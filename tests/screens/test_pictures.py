"""What the desk looks like: pictures at two sizes in both languages, kept beside the tests.

A picture that changed on purpose is taken anew with `pytest --snapshot-update`; look at it first.
"""

from __future__ import annotations

import pytest

from townshipdesk import i18n

SIZES = ((80, 24), (120, 40))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_the_desk_looks_as_it_did(open_desk, family, desk, picture, size, language):
    i18n.set_language(language)
    async with open_desk(size) as hands:

        async def look(name: str) -> None:
            hands.app._poll()  # what the clock would bring some moments later
            await hands.settle()
            assert hands.app.export_screenshot(title="") == picture(
                name=f"{name}-{language}-{size[0]}"
            )

        await look("home")
        await hands.type("杨")
        await look("found")
        await hands.press("escape")
        await hands.scan("532399198013060011")
        await look("wrong-number")
        await hands.press("escape")
        await hands.scan(family.head_number)
        await look("resident")
        await hands.press("f2")
        await look("pay")
        await hands.press("enter")
        await look("receipt")
        await hands.press("escape")
        await look("enrolled")
        await hands.press("down", "f3")
        await look("identities")
        await hands.press("escape", "f1")
        await look("help")
        await hands.press("escape")
        desk.at("2025-06-27T10:00")
        hands.desk.open_resident(family.son)
        await look("refused")
        desk.at("2025-11-03T10:00")
        hands.desk.open_resident(family.son)
        await look("no-cover")
