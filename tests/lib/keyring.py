"""Keyrings that are locked: the desktop's own, and one that nobody unlocks.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import threading

from gi.repository import Gio, GLib

from processes import Timeout

_NAME = "org.freedesktop.secrets"
_PATH = "/org/freedesktop/secrets"
_COLLECTION = f"{_PATH}/collection/login"
_ALIAS = f"{_PATH}/aliases/default"
_ITEM = f"{_COLLECTION}/1"
_PROMPT = f"{_PATH}/prompt/1"

_INTERFACES = """<node>
<interface name="org.freedesktop.Secret.Service">
  <method name="OpenSession">
    <arg type="s" direction="in"/><arg type="v" direction="in"/>
    <arg type="v" direction="out"/><arg type="o" direction="out"/>
  </method>
  <method name="SearchItems">
    <arg type="a{ss}" direction="in"/><arg type="ao" direction="out"/><arg type="ao" direction="out"/>
  </method>
  <method name="Unlock">
    <arg type="ao" direction="in"/><arg type="ao" direction="out"/><arg type="o" direction="out"/>
  </method>
  <method name="ReadAlias"><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
  <property name="Collections" type="ao" access="read"/>
</interface>
<interface name="org.freedesktop.Secret.Collection">
  <method name="CreateItem">
    <arg type="a{sv}" direction="in"/><arg type="(oayays)" direction="in"/><arg type="b" direction="in"/>
    <arg type="o" direction="out"/><arg type="o" direction="out"/>
  </method>
  <property name="Items" type="ao" access="read"/>
  <property name="Label" type="s" access="read"/>
  <property name="Locked" type="b" access="read"/>
</interface>
<interface name="org.freedesktop.Secret.Item">
  <property name="Attributes" type="a{ss}" access="read"/>
  <property name="Label" type="s" access="read"/>
  <property name="Locked" type="b" access="read"/>
</interface>
<interface name="org.freedesktop.Secret.Prompt">
  <method name="Prompt"><arg type="s" direction="in"/></method>
  <method name="Dismiss"/>
  <signal name="Completed"><arg type="b"/><arg type="v"/></signal>
</interface>
</node>"""

_PROPERTIES = {
    "Collections": GLib.Variant("ao", [_COLLECTION]),
    "Items": GLib.Variant("ao", [_ITEM]),
    "Attributes": GLib.Variant("a{ss}", {}),
    "Label": GLib.Variant("s", "Login"),
    "Locked": GLib.Variant("b", True),
}

_ANSWERS = {
    "OpenSession": GLib.Variant("(vo)", (GLib.Variant("s", ""), f"{_PATH}/session/1")),
    "SearchItems": GLib.Variant("(aoao)", ([], [_ITEM])),
    "Unlock": GLib.Variant("(aoo)", ([], _PROMPT)),
    "ReadAlias": GLib.Variant("(o)", (_COLLECTION,)),
    "CreateItem": GLib.Variant("(oo)", ("/", _PROMPT)),
    "Prompt": None,
    "Dismiss": None,
}


class _Service:
    """The Secret Service of a desktop, as long as the with block lasts."""

    def __init__(self, desktop):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        address = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
        self._connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self._connection.set_exit_on_close(False)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._connection.close_sync(None)

    def call(self, method, arguments, interface="org.freedesktop.Secret.Service"):
        answer = self._connection.call_sync(
            _NAME, _PATH, interface, method, arguments, None, Gio.DBusCallFlags.NONE, 10000, None
        )
        return answer.unpack()


def lock(desktop):
    """Locks the keyring of a desktop."""
    with _Service(desktop) as service:
        locked, prompt = service.call("Lock", GLib.Variant("(ao)", ([_COLLECTION],)))
    if locked != [_COLLECTION] or prompt != "/":
        raise RuntimeError(f"the keyring is not locked: {locked} {prompt}")


def unlock(desktop, password="test"):
    """Unlocks it again, which Desktop.unlock_keyring() does only once."""
    with _Service(desktop) as service:
        _, session = service.call("OpenSession", GLib.Variant("(sv)", ("plain", GLib.Variant("s", ""))))
        service.call(
            "UnlockWithMasterPassword",
            GLib.Variant("(o(oayays))", (_COLLECTION, (session, b"", password.encode(), "text/plain"))),
            "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
        )


def count_items(desktop, attributes):
    """How many items with these attributes the keyring of a desktop holds, locked or not."""
    with _Service(desktop) as service:
        unlocked, locked = service.call("SearchItems", GLib.Variant("(a{ss})", (attributes,)))
    return len(unlocked) + len(locked)


class LockedKeyring:
    """Owns org.freedesktop.secrets on a desktop without a keyring of its own. Its prompt stays open."""

    def __init__(self, desktop):
        self._prompted = threading.Event()
        self._ready = threading.Event()
        self._context = GLib.MainContext()
        self._loop = GLib.MainLoop(self._context)
        self._address = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if not self._ready.wait(20):
            raise Timeout("the keyring does not start")

    def _run(self):
        self._context.push_thread_default()
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        connection = Gio.DBusConnection.new_for_address_sync(self._address, flags, None, None)
        connection.set_exit_on_close(False)
        node = Gio.DBusNodeInfo.new_for_xml(_INTERFACES)
        for path, interface in (
            (_PATH, "Service"),
            (_COLLECTION, "Collection"),
            (_ALIAS, "Collection"),
            (_ITEM, "Item"),
            (_PROMPT, "Prompt"),
        ):
            info = node.lookup_interface(f"org.freedesktop.Secret.{interface}")
            connection.register_object(path, info, self._called, self._get, None)
        connection.call_sync(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus",
            "RequestName",
            GLib.Variant("(su)", (_NAME, 0)),
            None,
            Gio.DBusCallFlags.NONE,
            10000,
            None,
        )
        self._ready.set()
        self._loop.run()
        if not connection.is_closed():
            connection.close_sync(None)
        self._context.pop_thread_default()

    def _called(self, _connection, _sender, _path, _interface, method, arguments, invocation):
        # Keys are not exchanged: nothing secret is ever sent here.
        if method == "OpenSession" and arguments.unpack()[0] != "plain":
            invocation.return_dbus_error("org.freedesktop.DBus.Error.NotSupported", "plain only")
            return
        if method == "Prompt":
            self._prompted.set()
        invocation.return_value(_ANSWERS[method])

    def _get(self, _connection, _sender, _path, _interface, name):
        return _PROPERTIES[name]

    def wait_for_prompt(self, seconds=20):
        """Waits until somebody is asked to unlock it."""
        if not self._prompted.wait(seconds):
            raise Timeout("the keyring is not asked for anything")
        self._prompted.clear()

    def stop(self):
        self._context.invoke_full(GLib.PRIORITY_DEFAULT, self._loop.quit)
        self._thread.join(5)
