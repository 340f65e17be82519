"""Files (F8): a file is read and shown, corrected, written, sent back, and taken back."""

from __future__ import annotations

import pytest

from tests.screens.sheets import IDENTITIES, ROSTER, number, roster, workbook
from townshipdesk.actions import Place, actions_of
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.screens import exports_out
from townshipdesk.screens.claims import ClaimsPage
from townshipdesk.screens.collection import CollectionPage
from townshipdesk.screens.collections import CollectionsPage, ReceiveBox
from townshipdesk.screens.exports_out import ExportBox, ExportsPage
from townshipdesk.screens.file_choice import ChooseFileBox, folder_lines, path_from
from townshipdesk.screens.files import FilesScreen
from townshipdesk.screens.import_columns import ColumnsBox
from townshipdesk.screens.import_heading import HeadingBox
from townshipdesk.screens.import_options import OptionsBox
from townshipdesk.screens.import_preview import ImportPage
from townshipdesk.screens.reconcile import ReconcilePage
from townshipdesk.screens.sheet_why import finding_why_not
from townshipdesk.screens.sheet_words import known_text
from townshipdesk.services import file_history, imports, last_folders, people
from townshipdesk.services.imports import ImportKind, ImportOptions, columns
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.sheets.headings import KINDS
from townshipdesk.sheets.result import SheetKind

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def own_folders(tmp_path, monkeypatch):
    """Remember folders in the test's own place; begin in it."""
    monkeypatch.setattr(last_folders, "_place", lambda: tmp_path / ".state" / "folders.json")
    last_folders.remember_folder("in", tmp_path)
    last_folders.remember_folder("out", tmp_path)


async def choose(hands, path):
    """Open the files and choose one by its pasted path."""
    await hands.press("f8")
    await hands.press("f2")
    box = hands.app.screen
    assert isinstance(box, ChooseFileBox)
    box.path_input.value = str(path)
    box.path_input.focus()
    await hands.press("enter")


@pytest.mark.parametrize(
    ("place", "screen"),
    [
        (Place.FILES, FilesScreen),
        (Place.IMPORT, ImportPage),
        (Place.EXPORTS, ExportsPage),
        (Place.RECONCILE, ReconcilePage),
        (Place.COLLECTIONS, CollectionsPage),
        (Place.COLLECTION, CollectionPage),
        (Place.CLAIMS, ClaimsPage),
        (Place.CHOOSE_FILE, ChooseFileBox),
        (Place.COLUMNS, ColumnsBox),
        (Place.HEADING, HeadingBox),
    ],
)
def test_every_action_of_the_screens_of_sheets_has_its_method(place, screen):
    missing = [i.id for i in actions_of(place) if not hasattr(screen, f"action_{i.method}")]
    assert missing == []


async def test_a_roster_tells_its_kind_is_shown_and_changes_nothing_before_yes(
    open_desk, desk, tmp_path
):
    path = roster(tmp_path, ("", "李春", "53230119900102001", "青杠村委会", "一组", ""))
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.press("enter")  # no village beside the file
        page = hands.app.screen
        assert isinstance(page, ImportPage)
        shown = page.shown
        assert (shown.added, len(shown.rejections)) == (2, 1)
        assert "新增 2" in hands.text()
        assert people.find(desk.office, "段和") == []
        await hands.press("f3")
        await hands.press("escape")
        assert people.find(desk.office, "段和") == []
        await hands.press("f3")
        await hands.press("y")
        assert page.summary.added == 2
        assert "已写入" in hands.text()
        assert people.find(desk.office, "段和")


async def test_the_preview_names_who_is_new_until_they_are_written(open_desk, desk, tmp_path):
    """Name, masked number and village of each; their waiting room is gone once they are in."""
    path = roster(tmp_path)
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.press("enter")
        page = hands.app.screen
        while page.lists.value.name != "added":
            await hands.press("s")
        text = hands.text()
        assert "段和" in text
        assert mask_number(number("1990-01-02")) in text
        assert number("1990-01-02") not in text
        assert text.count("青杠村委会") == 2
        await hands.press("f3", "y")
        assert "added" not in [one.name for one in page._lists]
        await hands.press("f12")
        assert "Written" in hands.text()


async def test_the_same_file_again_says_that_it_changes_nothing(open_desk, desk, tmp_path):
    path = roster(tmp_path)
    imports.commit(
        desk.office, desk.clerk, imports.preview(desk.office, ImportKind.RESIDENTS, path)
    )
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.press("enter")
        text = hands.text()
        assert "未变 2" in text
        assert "已经导入" in text or "导入过" in text
        assert hands.app.screen.check_action("take_over", ()) is None


async def test_a_column_is_corrected_and_remembered_for_the_next_file(open_desk, desk, tmp_path):
    rows = [
        ("户号", "老乡", *ROSTER[2:]),
        ("DL7001", "段和", number("1990-01-02"), "青杠村委会", "一组", ""),
    ]
    path = workbook(tmp_path / "a.xlsx", "花名册", [(*rows[0], "姓名"), (*rows[1], "别人")])
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.press("enter")
        page = hands.app.screen
        while page.lists.value.name != "columns":
            await hands.press("s")
        wanted = next(i for i, r in enumerate(page.rows.rows) if r.cells[1] == "老乡")
        page.rows.cursor = wanted
        await hands.press("enter")
        await hands.press("right")
        while hands.app.screen.chosen("field") != "name":
            await hands.press("right")
        await hands.press("enter")
        assert page.shown.plan.new[0].name == "段和"
        await hands.press("f3")
        await hands.press("y")
        assert people.find(desk.office, "段和")
    again = workbook(
        tmp_path / "b.xlsx",
        "花名册",
        [rows[0], ("DL7002", "普英", number("1992-03-04"), "青杠村委会", "一组", "")],
    )
    shown = imports.preview(desk.office, ImportKind.RESIDENTS, again)
    assert [one.name for one in shown.plan.new] == ["普英"]


async def test_rejected_rows_go_back_in_a_workbook(open_desk, desk, tmp_path):
    """It leaves the office, so it stands in the history; the rest is taken over all the same."""
    import openpyxl

    path = roster(tmp_path, ("", "李春", "53230119900102001", "青杠村委会", "一组", ""))
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.press("enter")
        await hands.press("e")
        await hands.press("enter", "enter")
        await hands.press("f3", "y")
        assert "已写入" in hands.text()
    kinds = {one.kind: one.rows for one in file_history.history(desk.office)}
    assert kinds == {"rejected-rows": 1, "residents": 3}
    book = openpyxl.load_workbook(tmp_path / "花名册-退回.xlsx")
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert "李春" in cells
    assert "段和" not in cells


async def test_a_full_list_names_who_leaves_and_asks_first_whether_it_is_full(
    open_desk, desk, tmp_path
):
    stays = desk.add_resident("段和", "1990-01-02", number=number("1990-01-02"))
    leaves = desk.add_resident("普英", "1992-03-04", number=number("1992-03-04"))
    desk.add_identity(leaves, "subsistence-allowance", department="社会事务办")
    path = workbook(
        tmp_path / "低保.xlsx",
        "低保对象资助参保人员清册",
        [IDENTITIES, (1, "段和", number("1990-01-02"), "低保")],
    )
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.type("社会事务办")
        await hands.press("enter", "enter")
        assert "填" in hands.text()  # neither complete nor additions was chosen
        await hands.press("right", "enter")
        page = hands.app.screen
        assert [one.name for one in page.shown.leavers] == ["普英"]
        assert "不再在册 1" in hands.text()
        await hands.press("f3", "y")
    today = desk.office.today()
    assert people.identities_at(desk.office.conn, stays, today) == ("subsistence-allowance",)
    assert people.identities_at(desk.office.conn, leaves, today) == ()


async def test_a_list_names_who_joins_and_says_who_has_paid_already(open_desk, desk, tmp_path):
    joins = [desk.add_resident(f"人{n}", f"199{n}-01-02", number=number(f"199{n}-01-02"))
             for n in (0, 1)]  # fmt: skip
    pay(desk.office, desk.clerk, PaymentOrder((joins[1],), "cash"))
    rows = [(n, f"人{n}", number(f"199{n}-01-02"), "低保") for n in (0, 1)]
    path = workbook(tmp_path / "低保.xlsx", "低保对象资助参保人员清册", [IDENTITIES, *rows])
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.type("社会事务办")
        await hands.press("enter", "right", "right", "enter")
        page = hands.app.screen
        assert page.lists.value.name == "joins"
        assert [line.cells[1:3] for line in page.rows.rows] == [("人0", "低保"), ("人1", "低保")]
        assert [bool(line.cells[3]) for line in page.rows.rows] == [False, True]
        assert "新纳入 2" in hands.text()
        assert "其中 1 人本年度已缴费" in hands.text()


async def test_a_full_list_without_anybody_of_an_identity_is_doubted(open_desk, desk, tmp_path):
    """A department with several lists sends one of them: whoever is on the others would leave."""
    desk.add_resident("段和", "1990-01-02", number=number("1990-01-02"))
    other = desk.add_resident("普英", "1992-03-04", number=number("1992-03-04"))
    desk.add_identity(other, "extreme-hardship", department="社会事务办")
    rows = [IDENTITIES, (1, "段和", number("1990-01-02"), "低保")]
    path = workbook(tmp_path / "低保.xlsx", "低保对象资助参保人员清册", rows)
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.type("社会事务办")
        await hands.press("enter", "right", "enter")
        assert "没有一个“特困”，1 人将失去" in hands.text()


async def test_who_is_unknown_here_is_named_among_the_rejected(open_desk, desk, tmp_path):
    """With the name, whether the number cannot be read or nobody here has it."""
    rows = [
        IDENTITIES,
        (1, "外来人", number("1960-01-02"), "低保"),
        (2, "少一位", number("1961-01-02")[:-1], "低保"),
    ]
    path = workbook(tmp_path / "低保.xlsx", "低保名单", rows)
    options = ImportOptions(department="社会事务办", full=False)
    async with open_desk() as hands:
        page = ImportPage(hands.app.session, path, ImportKind.IDENTITIES, options)
        await hands.app.push_screen(page)
        await hands.settle()
        assert page.lists.value.name == "rejected"
        assert [line.cells[1] for line in page.rows.rows] == ["外来人", "少一位"]


async def test_one_bad_row_rejects_a_full_list_and_the_screen_says_so(open_desk, desk, tmp_path):
    desk.add_resident("段和", "1990-01-02", number=number("1990-01-02"))
    rows = [
        IDENTITIES,
        (1, "段和", number("1990-01-02"), "低保"),
        (2, "某某", number("1970-01-02"), "低保"),
    ]
    path = workbook(tmp_path / "低保.xlsx", "低保对象资助参保人员清册", rows)
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.type("社会事务办")
        await hands.press("enter", "right", "enter")
        text = hands.text()
        assert "整份退回：1 行有误，其余 1 行也未导入" in text
        assert "退回 1" in text
        assert "新纳入" not in text  # of a refused list nobody joins
        assert hands.app.screen.check_action("take_over", ()) is None
        await hands.press("f3")
        assert any("整份不予导入" in note.message for note in hands.app._notifications)


async def test_a_file_with_rejected_rows_is_not_said_to_be_known_in_full(open_desk, desk, tmp_path):
    known = roster(tmp_path, name="a.xlsx")
    imports.commit(
        desk.office, desk.clerk, imports.preview(desk.office, ImportKind.RESIDENTS, known)
    )
    wrong = ("DL7002", "某某", "532326199001020001", "青杠村委会", "一组", "")
    async with open_desk() as hands:
        await choose(hands, roster(tmp_path, wrong, name="b.xlsx"))
        await hands.press("enter")
        text = hands.text()
        assert "有 1 行被退回，其余 2 行与已登记的一致" in text
        assert "完全一致" not in text


async def test_a_corrected_column_stays_under_the_cursor_and_is_remembered_alone(
    open_desk, desk, tmp_path
):
    """Where a file changes nothing, what was said of its columns can still be kept, or undone."""
    path = roster(tmp_path)
    imports.commit(
        desk.office, desk.clerk, imports.preview(desk.office, ImportKind.RESIDENTS, path)
    )
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.press("enter")
        page = hands.app.screen
        wanted = next(i for i, r in enumerate(page.rows.rows) if r.cells[1] == "联系电话")
        page.rows.cursor = wanted
        await hands.press("enter")
        assert "Enter 继续" in hands.text()  # the only field: Enter does not go to a next one
        assert "^S" not in hands.text()
        while hands.app.screen.chosen("field") != "":
            await hands.press("left")
        await hands.press("enter")
        assert page.lists.value.name == "columns"
        assert page.rows.current.cells[1] == "联系电话"
        assert page.check_action("take_over", ()) is True
        await hands.press("f3")
        assert "联系电话 → 不读取" in hands.text()
        await hands.press("y")
        assert page.check_action("take_over", ()) is None
    assert columns.remembered(desk.office, SheetKind.RESIDENTS) == {"联系电话": ""}


async def test_a_heading_that_was_pointed_at_tells_its_kind_next_time(open_desk, desk, tmp_path):
    told = {"人员": "name", "代码": "number"}
    columns.remember(desk.office, desk.clerk, SheetKind.RESIDENTS, told)
    rows = [("人员", "代码"), ("段和", number("1990-01-02"))]
    async with open_desk() as hands:
        await choose(hands, workbook(tmp_path / "甲.xlsx", "名单", rows))
        assert isinstance(hands.app.screen, OptionsBox)
        assert "保存" not in hands.text()  # nothing is saved: it goes on


async def test_an_import_is_taken_back_from_the_history(open_desk, desk, tmp_path):
    path = roster(tmp_path)
    imports.commit(
        desk.office, desk.clerk, imports.preview(desk.office, ImportKind.RESIDENTS, path)
    )
    async with open_desk() as hands:
        await hands.press("f8")
        assert "花名册.xlsx" in hands.text()
        await hands.press("x")
        await hands.type("错村的花名册")
        await hands.press("enter")
        assert people.find(desk.office, "段和") == []
        assert "已撤回" in hands.text()
        assert hands.app.screen.check_action("take_import_back", ()) is None


async def test_escape_stops_the_reading_and_nothing_is_shown(
    open_desk, desk, tmp_path, monkeypatch
):
    path = roster(tmp_path)

    def stopped(office, kind, path, options, report, cancelled):
        raise imports.CancelledError("Stopped. Nothing was changed.")

    monkeypatch.setattr(imports, "preview", stopped)
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.press("enter")
        page = hands.app.screen
        assert page.shown is None
        assert "没有读入" in hands.text()
        await hands.press("escape")
        assert isinstance(hands.app.screen, FilesScreen)


async def test_a_file_that_is_no_sheet_is_refused_in_words(open_desk, tmp_path):
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    async with open_desk() as hands:
        await choose(hands, path)
        assert isinstance(hands.app.screen, ChooseFileBox)
        assert hands.app.screen.query_one("#complaint").render().plain


async def test_a_file_that_does_not_tell_its_kind_is_asked_about(open_desk, tmp_path):
    path = workbook(tmp_path / "菜单.xlsx", "食堂", [("菜", "价"), ("豆花", 6)])
    async with open_desk() as hands:
        await choose(hands, path)
        assert "看不出" in hands.text()
        await hands.press("right", "right", "right", "right", "enter")
        box = hands.app.screen
        assert isinstance(box, CollectionsPage | ReceiveBox)


async def test_a_path_typed_fast_into_the_list_is_taken_whole(open_desk, tmp_path):
    """Keys that are on their way while the caret moves are not lost, nor is Enter behind them."""
    path = roster(tmp_path)
    async with open_desk() as hands:
        await hands.press("f8", "f2")
        box = hands.app.screen
        assert box.focused is box.files
        await hands.scan(str(path))
        assert isinstance(hands.app.screen, OptionsBox)


@pytest.mark.parametrize("kind", [SheetKind.RESIDENTS, SheetKind.TAX_LIST])
async def test_a_heading_nobody_knows_is_pointed_at(open_desk, tmp_path, kind):
    """Somebody says which row the heading is and what its columns hold; then the file is read."""
    rows = [("老乡", "卡号", "数"), ("段和", number("1990-01-02"), 400)]
    path = workbook(tmp_path / "a.xlsx", "某表", rows)
    async with open_desk() as hands:
        page = (
            ColumnsBox(hands.app.session, path, kind)
            if kind is SheetKind.TAX_LIST
            else ImportPage(hands.app.session, path, ImportKind(kind.value), ImportOptions())
        )
        await hands.app.push_screen(page)
        await hands.settle()
        await hands.press("h")
        box = hands.app.screen
        assert isinstance(box, HeadingBox)
        assert "老乡 │ 卡号 │ 数" in hands.text()
        assert number("1990-01-02") not in hands.text()  # masked here too
        assert box.check_action("accept_heading", ()) is None
        await hands.press("down", "enter")
        for at, field in enumerate(("name", "number", "own")):
            if field in KINDS[kind].fields:
                box.rows.cursor = at
                await hands.press("enter")
                while hands.app.screen.chosen("field") != field:
                    await hands.press("right")
                await hands.press("enter")
        await hands.press("f3")
        assert hands.app.screen is page
        read = page.read if kind is SheetKind.TAX_LIST else page.shown
        assert (read.data_rows if kind is SheetKind.TAX_LIST else read.rows) == 1
        assert [c.field for c in read.mappings[0].columns][:2] == ["name", "number"]


async def test_a_sheet_is_written_where_it_was_asked_and_stands_in_the_history(
    open_desk, desk, family, tmp_path
):
    async with open_desk() as hands:
        await hands.press("f8", "f3")
        sheets = hands.app.screen.sheets
        sheets.cursor = list(sheets.rows).index("roster")
        await hands.press("enter")
        await hands.press("ctrl+s")
        assert "已写入 4 行" in hands.text()
        await hands.press("escape", "escape")
        assert "参保登记花名册" in hands.text()
    [written] = tmp_path.glob("参保登记花名册-*.xlsx")
    shown = imports.preview(desk.office, ImportKind.RESIDENTS, written)
    assert shown.changes_nothing
    [record] = file_history.history(desk.office)
    assert (record.way, record.kind, record.rows) == ("out", "roster", 4)


async def test_a_days_sheet_is_named_after_its_day_until_somebody_names_it(open_desk, desk):
    async with open_desk() as hands:
        await hands.app.push_screen(ExportBox(hands.app.session, "weekly"))
        await hands.settle()
        box = hands.app.screen
        assert box.text_of("name") == "每周进度表-20250317.xlsx"
        box.query_one("#day").value = "2025-03-12"
        await hands.settle()
        assert box.text_of("name") == "每周进度表-20250312.xlsx"
        box.query_one("#name").value = "给县里.xlsx"
        box.query_one("#day").value = "2025-03-05"
        await hands.settle()
        assert box.text_of("name") == "给县里.xlsx"


async def test_a_call_list_comes_back_with_its_results(open_desk, desk, family, tmp_path):
    import openpyxl

    from townshipdesk.services import calls, exports

    path = tmp_path / "未参保人员名单.xlsx"
    exports.export(desk.office, "unpaid", path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    [cell] = [c for row in sheet.iter_rows() for c in row if c.value == "杨磊"]
    [head] = [c for row in sheet.iter_rows() for c in row if c.value == "回访结果"]
    sheet.cell(cell.row, head.column, "下周来交")
    book.save(path)
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.press("f3")
        assert "登记回访结果 1 条" in hands.text()
        await hands.press("enter", "f10")
        await hands.type("杨磊")
        await hands.press("enter")
        assert "最近回访  下周来交  2025-03-17" in hands.text()
    assert calls.last_call(desk.office, family.son).result == "下周来交"


async def test_rows_of_a_call_list_that_were_not_taken_are_named_by_row(
    open_desk, desk, family, tmp_path
):
    import openpyxl

    from townshipdesk.services import exports

    path = tmp_path / "未参保人员名单.xlsx"
    exports.export(desk.office, "unpaid", path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    first = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "村") + 1
    for column, value in ((4, "某人"), (9, "不认识")):
        sheet.cell(first, column, value)
    sheet.cell(first + 1, 5).value = None
    book.save(path)
    async with open_desk() as hands:
        await choose(hands, path)
        await hands.press("f3")
        assert f"无法读取：“未参保人员名单”第 {first + 1} 行" in hands.text()
        assert f"找不到本人：“未参保人员名单”第 {first} 行" in hands.text()


async def test_every_way_out_of_the_files_opens(open_desk):
    async with open_desk() as hands:
        for key, page in (
            ("f3", ExportsPage),
            ("f4", ReconcilePage),
            ("f5", CollectionsPage),
            ("c", ClaimsPage),
        ):
            await hands.press("f8")
            await hands.press(key)
            assert isinstance(hands.app.screen, page)
            await hands.press("f12")  # every screen says itself again in English
            await hands.press("f12")


def test_a_path_is_read_as_people_paste_it(tmp_path):
    assert path_from(f'"{tmp_path}/a.xlsx"') == tmp_path / "a.xlsx"
    assert path_from(f"file://{tmp_path}/%E8%A1%A8.xlsx") == tmp_path / "表.xlsx"


def test_a_folder_shows_sheets_and_folders_only(tmp_path):
    (tmp_path / "村").mkdir()
    for name in ("a.xlsx", "b.CSV", "c.pdf", ".d.xlsx", "~$a.xlsx"):
        (tmp_path / name).write_bytes(b"")
    assert {line.name for line in folder_lines(tmp_path)} == {"..", "村", "a.xlsx", "b.CSV"}


async def test_an_auditor_writes_a_sheet_and_that_is_logged_as_the_auditors(
    open_desk, desk, family, tmp_path, monkeypatch
):
    from townshipdesk.services import staff, staffing

    monkeypatch.setattr("townshipdesk.screens.exports_out.last_folder", lambda _what: tmp_path)
    staffing.add(
        desk.office,
        desk.supervisor,
        name="audit",
        shown_name="何审",
        role="auditor",
        password="long-enough",
    )
    auditor = staff.without_password(desk.office.conn, "audit")
    async with open_desk() as hands:
        hands.app.session.actor = auditor
        hands.app.push_screen(ExportsPage(hands.app.session))
        await hands.settle()
        sheets = list(exports_out.SHEETS)
        hands.app.screen.sheets.cursor = sheets.index("roster")
        await hands.press("enter", "ctrl+s")
    row = desk.office.conn.execute("SELECT * FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert (row["staff_id"], row["action"]) == (auditor.staff_id, "sheet.written")
    assert list(tmp_path.glob("*.xlsx"))


def test_a_phone_on_record_is_masked_beside_the_one_a_file_brings():
    """The file in hand holds the new phone only; other fields are shown as they are."""
    assert known_text("phone", "13912340100") == "139****0100"
    assert known_text("phone", "") == "—"
    assert known_text("name", "段和") == "段和"


async def test_a_way_round_is_not_remembered_as_the_folder(open_desk, tmp_path):
    """A path typed with .. leads to the folder itself, the same one wherever it is shown later."""
    (tmp_path / "别处").mkdir()
    roster(tmp_path)
    async with open_desk() as hands:
        await choose(hands, tmp_path / "别处" / ".." / "花名册.xlsx")
        assert isinstance(hands.app.screen, OptionsBox)
    assert last_folders.last_folder("in") == tmp_path.resolve()


async def test_esc_while_a_file_is_written_writes_nothing_and_reads_it_again(open_desk, tmp_path):
    """The page shows how far the writing is; stopped, it offers the file as before."""
    async with open_desk() as hands:
        office = hands.app.session.office
        before = office.conn.execute("SELECT count(*) FROM resident").fetchone()[0]
        options = ImportOptions()
        page = ImportPage(hands.app.session, roster(tmp_path), ImportKind.RESIDENTS, options)
        await hands.app.push_screen(page)
        await hands.settle()
        told = page._report

        def and_esc(stage):
            told(stage)
            if stage.name == "writing" and stage.done:
                page._stop = True

        page._report = and_esc
        await hands.press("f3", "y")
        await hands.settle()
        assert hands.app.screen is page
        assert page.summary is None
        assert page.check_action("take_over", ()) is True
        assert office.conn.execute("SELECT count(*) FROM resident").fetchone()[0] == before


async def test_a_file_that_cannot_be_taken_back_says_why(open_desk, desk, tmp_path):
    file_history.record_written(desk.office, desk.clerk, "roster", roster(tmp_path), rows=2)
    async with open_desk() as hands:
        await hands.press("f8", "x")
        assert any("可以撤回" in note.message for note in hands.app._notifications)


@pytest.mark.parametrize(
    ("action", "kind", "said"),
    [
        ("accept_one", "twice", "税务有本处无"),
        ("accept_all", None, "税务有本处无"),
        ("surplus", "only_here", "重复"),
        ("surplus", None, ""),
    ],
)
def test_a_difference_that_does_not_allow_a_key_says_why(action, kind, said):
    text = finding_why_not(action, kind)
    assert said in text
    assert bool(said) == bool(text)


async def test_a_folder_that_cannot_be_written_is_not_offered_again(open_desk, desk, tmp_path):
    """The refusal says what to do, and the next sheet goes where the last one could be written."""
    async with open_desk() as hands:
        await hands.app.push_screen(ExportsPage(hands.app.session))
        await hands.settle()
        await hands.press("6")
        box = hands.app.screen
        assert isinstance(box, ExportBox)
        folder = box.query_one("#folder")
        folder.value = str(tmp_path / "nowhere")
        await hands.press("ctrl+s")
        assert "请先建好这个文件夹" in hands.text()
        folder.value = "/proc"
        await hands.press("ctrl+s")
        assert "请换一个文件夹" in hands.text()
        await hands.press("escape", "6")
        assert hands.app.screen.text_of("folder") == str(tmp_path)


def test_files_of_one_moment_stand_as_they_came(desk, tmp_path):
    """A training office's clock stands: the file brought in last is on top all the same."""
    path = roster(tmp_path)
    file_history.record_written(desk.office, desk.clerk, "roster", path, rows=2)
    imports.commit(
        desk.office, desk.clerk, imports.preview(desk.office, ImportKind.RESIDENTS, path)
    )
    assert [one.way for one in file_history.history(desk.office)] == ["in", "out"]
    file_history.record_written(desk.office, desk.clerk, "roster", path, rows=2)
    assert [one.way for one in file_history.history(desk.office)] == ["out", "in", "out"]
