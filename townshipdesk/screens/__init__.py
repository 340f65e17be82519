"""What a clerk sees: one screen or box in each module. They call services and show results.

How a screen is made here:

- A full screen derives from `screens.area.Area` and gives `compose_area`; a box over a screen
  derives from `widgets.box.Box[Answer]` and gives `box_title` and `compose_box`. Both get the
  `Session`.
- Keys stand in `actions.py`, once. `PLACE` names their place;
  `BINDINGS = bindings(PLACE, "screen")` binds them; the method is `action_<id>`; `check_action`
  gives None for a key that is dim now.
- Reads call a service with `session.office` at once. What writes or takes long runs in a worker:
  `await session.apart(lambda office: service(office, session.who, …))`, started from a method with
  `@work(exit_on_error=False)`. `DeskError` is shown with `complain` (box) or `tell_error` (area).
- Words: `Words` asks a function again when the language changes (`relabel`); lists are `LineList`;
  text from outside goes through `display_text` into `Content`, never into markup.
- `office_changed` of an area is called within a quarter of a second of any commit.
- To bring a resident to the desk from elsewhere: `self.post_message(OpenResident(resident_id))`.
"""
