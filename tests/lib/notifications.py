"""A real receiver of desktop notifications: what a shell would show, and a hand that clicks.

SPDX-License-Identifier: GPL-3.0-or-later
"""

from gi.repository import Gio, GLib

from processes import wait_until

_INTERFACE = """<node><interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation">
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
  </method>
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>"""
_PATH = "/org/freedesktop/Notifications"
_NAME = "org.freedesktop.Notifications"

_SHELL_INTERFACE = """<node><interface name="org.gtk.Notifications">
  <method name="AddNotification">
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
  </method>
  <method name="RemoveNotification">
    <arg type="s" direction="in"/><arg type="s" direction="in"/>
  </method>
</interface></node>"""
_SHELL_PATH = "/org/gtk/Notifications"
_SHELL_NAME = "org.gtk.Notifications"


class Notification:
    """What a program asked to be shown."""

    def __init__(self, number, title, body, actions, hints):
        self.number = number
        self.title = title
        self.body = body
        self.actions = dict(zip(actions[1::2], actions[::2]))  # label -> key
        self.hints = hints

    def __repr__(self):
        return f"“{self.title}: {self.body}”"


class Notifications:
    """Owns org.freedesktop.Notifications on a desktop; start it before the program.

    With shell, org.gtk.Notifications instead, GNOME Shell's own: what it gets are a notification's hints.
    """

    def __init__(self, desktop, shell=False):
        path, name, interface = (
            (_SHELL_PATH, _SHELL_NAME, _SHELL_INTERFACE) if shell else (_PATH, _NAME, _INTERFACE)
        )
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        address = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
        self._connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self._connection.set_exit_on_close(False)
        self._sender = None
        self._last = 0
        self.shown = {}
        self.history = []
        info = Gio.DBusNodeInfo.new_for_xml(interface).interfaces[0]
        self._connection.register_object(path, info, self._called, None, None)
        self._connection.call_sync(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus",
            "RequestName",
            GLib.Variant("(su)", (name, 0)),
            None,
            Gio.DBusCallFlags.NONE,
            10000,
            None,
        )

    def _called(self, _connection, sender, _path, _interface, method, arguments, invocation):
        values = arguments.unpack()
        if method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["actions", "body", "persistence"],)))
        elif method == "GetServerInformation":
            invocation.return_value(GLib.Variant("(ssss)", ("test", "test", "1", "1.2")))
        elif method == "Notify":
            self._sender = sender
            if values[1] == 0:
                self._last += 1
            number = values[1] or self._last
            notification = Notification(number, values[3], values[4], values[5], values[6])
            self.shown[number] = notification
            self.history.append(notification)
            invocation.return_value(GLib.Variant("(u)", (number,)))
        elif method == "AddNotification":
            _application, key, content = values
            notification = Notification(key, content["title"], content.get("body"), [], content)
            self.shown[key] = notification
            self.history.append(notification)
            invocation.return_value(None)
        elif method == "RemoveNotification":
            self.shown.pop(values[1], None)
            invocation.return_value(None)
        elif method == "CloseNotification":
            self._close(values[0], 3)
            invocation.return_value(None)

    def _close(self, number, reason):
        if self.shown.pop(number, None):
            self._emit("NotificationClosed", GLib.Variant("(uu)", (number, reason)))

    def _emit(self, signal, arguments):
        self._connection.emit_signal(self._sender, _PATH, _NAME, signal, arguments)

    def _turn(self):
        while GLib.MainContext.default().iteration(False):
            pass

    def wait_for(self, title, body, seconds=20):
        """Waits until a notification is shown, and returns it."""

        def look():
            self._turn()
            matching = (each for each in self.shown.values() if (each.title, each.body) == (title, body))
            return next(matching, None)

        return wait_until(
            look, lambda: f"no notification “{title}: {body}”, only {list(self.shown.values())}", seconds
        )

    def wait_gone(self, seconds=20):
        """Waits until nothing is shown any more."""

        def look():
            self._turn()
            return not self.shown

        wait_until(look, lambda: f"still shown: {list(self.shown.values())}", seconds)

    def count(self):
        """How many there were, replaced ones included."""
        self._turn()
        return len(self.history)

    def click(self, notification, label=None):
        """Clicks a notification, or a button of it; either way it goes."""
        key = notification.actions[label] if label else "default"
        self._emit("ActionInvoked", GLib.Variant("(us)", (notification.number, key)))
        self._close(notification.number, 2)
        self._connection.flush_sync(None)
