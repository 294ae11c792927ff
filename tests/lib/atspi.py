"""Drives a GTK window as an assistive technology does: find by role and name, press, put, read.

It speaks AT-SPI's D-Bus interfaces itself, without libatspi, so that nothing is cached and a whole tree costs
one round trip per level. Names and roles are those of the interface specification ("button", "Send").

Toplevels are taken from the application's cache of objects, never by asking the application for its children:
GTK 4.18 crashes when it is asked that while a toplevel is being closed.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

from processes import Timeout, wait_until  # noqa: E402

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_ROOT = "/org/a11y/atspi/accessible/root"
_CACHE = "/org/a11y/atspi/cache"
_WINDOW = 1  # coordinates relative to the window
_TIMEOUT_MS = 10000
_STATES = {
    name: int(getattr(Atspi.StateType, name.upper()))
    for name in (
        "showing",
        "sensitive",
        "focused",
        "checked",
        "selected",
        "expanded",
        "pressed",
        "editable",
        "active",
        "visible",
        "invalid_entry",
        "required",
    )
}


class Node:
    """What one accessible object was when the tree was read."""

    def __init__(self, app, path, role, name, description, states, interfaces):
        self.app = app
        self.path = path
        self.role = role
        self.name = name
        self.description = description
        self.interfaces = interfaces
        self.parent = None
        self.children = []
        self._states = states

    def __repr__(self):
        return f"{self.role} “{self.name}”"

    def has(self, state):
        bit = _STATES[state]
        return bool(self._states[bit // 32] & (1 << (bit % 32)))

    def descendants(self):
        for child in self.children:
            yield child
            yield from child.descendants()

    def find_all(self, role=None, name=None, description=None, showing=True):
        return [node for node in self.descendants() if _matches(node, role, name, description, showing)]

    def find(self, role=None, name=None, description=None, showing=True):
        found = self.find_all(role, name, description, showing)
        return found[0] if found else None

    def is_within(self, role, name=None):
        node = self.parent
        while node is not None:
            if node.role == role and (name is None or node.name == name):
                return True
            node = node.parent
        return False

    def call(self, interface, method, arguments=None):
        return self.app.call(self.path, f"org.a11y.atspi.{interface}", method, arguments)

    def press(self):
        """Does what a click does."""
        if not self.call("Action", "DoAction", GLib.Variant("(i)", (0,)))[0]:
            raise AssertionError(f"{self} does not react")

    def put(self, text):
        """Replaces the text of an entry or text view."""
        if not self.call("EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))[0]:
            raise AssertionError(f"{self} takes no text")

    def text(self):
        count = self.app.property(self.path, "org.a11y.atspi.Text", "CharacterCount")
        return self.call("Text", "GetText", GLib.Variant("(ii)", (0, count)))[0]

    def select(self, index):
        """Selects a row of a list."""
        if not self.call("Selection", "SelectChild", GLib.Variant("(i)", (index,)))[0]:
            raise AssertionError(f"{self} has no row {index} to select")

    def extents(self):
        """Where it is in the window, whose shadow is not counted: x, y, width, height."""
        return self.call("Component", "GetExtents", GLib.Variant("(u)", (_WINDOW,)))[0]

    def focus(self):
        return self.call("Component", "GrabFocus")[0]


def _matches(node, role, name, description, showing):
    return (
        (role is None or node.role == role)
        and _agrees(name, node.name)
        and _agrees(description, node.description)
        and (not showing or node.has("showing"))
    )


def _agrees(wanted, text):
    if wanted is None:
        return True
    return wanted.search(text) is not None if hasattr(wanted, "search") else wanted == text


class Bus:
    """The accessibility bus of the desktop that this process is on."""

    def __init__(self, env):
        address = env["DBUS_SESSION_BUS_ADDRESS"]
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.session = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.session.set_exit_on_close(False)
        reply = self.session.call_sync(
            "org.a11y.Bus",
            "/org/a11y/bus",
            "org.a11y.Bus",
            "GetAddress",
            None,
            None,
            Gio.DBusCallFlags.NONE,
            _TIMEOUT_MS,
            None,
        )
        self.connection = Gio.DBusConnection.new_for_address_sync(reply.unpack()[0], flags, None, None)
        self.connection.set_exit_on_close(False)

    def _application_of(self, pid):
        children = self.connection.call_sync(
            "org.a11y.atspi.Registry",
            _ROOT,
            _ACCESSIBLE,
            "GetChildren",
            None,
            None,
            Gio.DBusCallFlags.NONE,
            _TIMEOUT_MS,
            None,
        ).unpack()[0]
        for name, _ in children:
            try:
                owner = self.connection.call_sync(
                    "org.freedesktop.DBus",
                    "/org/freedesktop/DBus",
                    "org.freedesktop.DBus",
                    "GetConnectionUnixProcessID",
                    GLib.Variant("(s)", (name,)),
                    None,
                    Gio.DBusCallFlags.NONE,
                    _TIMEOUT_MS,
                    None,
                ).unpack()[0]
            except GLib.Error:
                continue
            if owner == pid:
                return name
        return None

    def application(self, process, seconds=30.0, pause=0.03):
        """The application of a process, once it has shown itself."""

        def look():
            if not process.is_running():
                raise AssertionError(
                    f"{process.argv[0]} ended with {process.wait()}:\n{process.output()[-4000:]}"
                )
            return self._application_of(process.pid)

        name = wait_until(look, f"{process.argv[0]} shows no window", seconds, pause)
        app = App(self, name, process)
        wait_until(app.is_ready, f"{process.argv[0]} shows nothing", seconds, pause)
        return app


class App:
    """The windows of one running program."""

    def __init__(self, bus, bus_name, process):
        self._bus = bus
        self._connection = bus.connection
        self.bus_name = bus_name
        self.process = process

    def call(self, path, interface, method, arguments=None):
        try:
            return self._connection.call_sync(
                self.bus_name,
                path,
                interface,
                method,
                arguments,
                None,
                Gio.DBusCallFlags.NONE,
                _TIMEOUT_MS,
                None,
            ).unpack()
        except GLib.Error as error:
            if not self.process.is_running():
                raise AssertionError(
                    f"the program ended with {self.process.wait()}:\n" f"{self.process.output()[-6000:]}"
                ) from None
            raise LookupError(error.message) from None

    def property(self, path, interface, name):
        return self.call(
            path, "org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (interface, name))
        )[0]

    def is_ready(self):
        """Whether the program, which is on the bus, answers questions about itself already."""
        try:
            return self.call(_CACHE, "org.a11y.atspi.Cache", "GetItems") is not None
        except LookupError:
            return False

    def _items(self):
        return {item[0][1]: item for item in self.call(_CACHE, "org.a11y.atspi.Cache", "GetItems")[0]}

    def _children_of(self, paths):
        """The children of many objects, asked for at once."""
        answers, waiting = {}, len(paths)
        loop = GLib.MainLoop()

        def answered(connection, result, path):
            nonlocal waiting
            try:
                answers[path] = [child for _, child in connection.call_finish(result).unpack()[0]]
            except GLib.Error:
                answers[path] = []  # it went away in the meantime
            waiting -= 1
            if waiting == 0:
                loop.quit()

        for path in paths:
            self._connection.call(
                self.bus_name,
                path,
                _ACCESSIBLE,
                "GetChildren",
                None,
                None,
                Gio.DBusCallFlags.NONE,
                _TIMEOUT_MS,
                None,
                answered,
                path,
            )
        if waiting > 0:
            loop.run()
        return answers

    def tree(self):
        """Reads all windows and returns the root node, whose children they are."""
        tops = [path for path, item in self._items().items() if path != _ROOT and item[2][1] == _ROOT]
        children, level = {}, tops
        while level:
            answers = self._children_of(level)
            children.update(answers)
            level = [child for path in level for child in answers[path] if child not in children]
        items = self._items()
        nodes = {}
        for path in children:
            if path in items:
                item = items[path]
                nodes[path] = Node(
                    self, path, Atspi.role_get_name(Atspi.Role(item[7])), item[6], item[8], item[9], item[5]
                )
        root = Node(self, _ROOT, "application", "", "", [0, 0], [])
        for path, node in nodes.items():
            node.children = [nodes[child] for child in children[path] if child in nodes]
            for child in node.children:
                child.parent = node
        root.children = [nodes[path] for path in tops if path in nodes]
        for child in root.children:
            child.parent = root
        return root

    def find_all(self, role=None, name=None, description=None, showing=True):
        return self.tree().find_all(role, name, description, showing)

    def find(self, role=None, name=None, description=None, showing=True):
        return self.tree().find(role, name, description, showing)

    def wait_for(self, role=None, name=None, description=None, seconds=20.0, having=(), lacking=()):
        """The first node that matches, as soon as there is one that has and lacks these states."""

        def look():
            for node in self.find_all(role, name, description):
                if all(node.has(state) for state in having) and not any(node.has(state) for state in lacking):
                    return node
            return None

        wanted = " ".join(str(part) for part in (role, _shown(name), _shown(description)) if part)
        return wait_until(look, lambda: f"no {wanted}{list(having) or ''} among\n{self.dump()}", seconds)

    def wait_gone(self, role=None, name=None, description=None, seconds=20.0):
        wanted = " ".join(str(part) for part in (role, _shown(name)) if part)
        wait_until(
            lambda: self.find(role, name, description) is None,
            lambda: f"{wanted} is still there:\n{self.dump()}",
            seconds,
        )

    def has_window(self):
        """Whether a window is mapped; costs less than reading a tree."""
        showing = _STATES["showing"]
        return any(
            item[2][1] == _ROOT and path != _ROOT and item[9][showing // 32] & (1 << showing % 32)
            for path, item in self._items().items()
        )

    def shows(self, role):
        """Whether anything of a role shows."""
        return self.find(role) is not None

    def _do(self, act, role, name, having, seconds):
        # The object may be replaced between being found and being used: then it is looked for anew.
        deadline = time.monotonic() + seconds
        while True:
            node = self.wait_for(role, name, seconds=seconds, having=having)
            try:
                return act(node)
            except LookupError as error:
                if time.monotonic() > deadline:
                    raise Timeout(f"{node}: {error}") from None

    def press(self, role, name, seconds=20.0):
        """Waits for a button or its like to be usable and clicks it."""
        self._do(lambda node: node.press(), role, name, ("sensitive",), seconds)

    def put(self, role, name, text, seconds=20.0):
        """Waits for an entry and replaces its text."""
        self._do(lambda node: node.put(text), role, name, (), seconds)

    def text(self, role, name, seconds=20.0):
        return self._do(lambda node: node.text(), role, name, (), seconds)

    def select_row(self, list_name, row_name, seconds=20.0):
        """Selects the row of a list by its name."""

        def select():
            rows = self.find("list", list_name)
            for index, row in enumerate(rows.children if rows else []):
                if _agrees(row_name, row.name):
                    try:
                        rows.select(index)
                        return True
                    except LookupError:
                        return False
            return False

        wait_until(
            select, lambda: f"no row {_shown(row_name)} in the list {list_name}:\n{self.dump()}", seconds
        )

    def action(self, name, parameter=None, window=None):
        """Activates a GAction of the program, or of one of its windows (the first is 1)."""
        application_id = self.property(_ROOT, _ACCESSIBLE, "AccessibleId")
        path = (
            "/" + application_id.replace(".", "/").replace("-", "_") + (f"/window/{window}" if window else "")
        )
        arguments = GLib.Variant("(sava{sv})", (name, [parameter] if parameter is not None else [], {}))
        connection = self._bus.session
        owner = self._session_name()
        connection.call_sync(
            owner,
            path,
            "org.gtk.Actions",
            "Activate",
            arguments,
            None,
            Gio.DBusCallFlags.NONE,
            _TIMEOUT_MS,
            None,
        )

    def _session_name(self):
        connection = self._bus.session

        def ask(method, arguments=None):
            return connection.call_sync(
                "org.freedesktop.DBus",
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus",
                method,
                arguments,
                None,
                Gio.DBusCallFlags.NONE,
                _TIMEOUT_MS,
                None,
            ).unpack()[0]

        for name in ask("ListNames"):
            if name.startswith(":"):
                try:
                    if ask("GetConnectionUnixProcessID", GLib.Variant("(s)", (name,))) == self.process.pid:
                        return name
                except GLib.Error:
                    continue
        raise LookupError("the program is not on the session bus")

    def dump(self, node=None, depth=0):
        """The named things that show, as text."""
        lines = []
        for child in (node or self.tree()).children:
            deeper = depth
            if child.has("showing") and (child.name or child.role in ("text", "entry", "list", "list item")):
                description = f" ({child.description})" if child.description else ""
                lines.append("  " * depth + f"{child.role} “{child.name}”{description}")
                deeper = depth + 1
            below = self.dump(child, deeper) if child.children else ""
            if below:
                lines.append(below)
        return "\n".join(lines)


def _shown(pattern):
    return None if pattern is None else f"“{getattr(pattern, 'pattern', pattern)}”"
