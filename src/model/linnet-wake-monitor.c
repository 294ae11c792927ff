/* Noticing that the network or the whole computer was away
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-wake-monitor"

#include "config.h"

#include <time.h>
#include <unistd.h>

#include <gio/gunixfdlist.h>

#include "linnet-wake-monitor.h"

#define DEBOUNCE_MS 500
#define CHECK_SECONDS 2
#define JUMP (3 * G_TIME_SPAN_SECOND) /* less is no suspend that a connection would notice */

#define LOGIN1_NAME "org.freedesktop.login1"
#define LOGIN1_PATH "/org/freedesktop/login1"
#define LOGIN1_INTERFACE "org.freedesktop.login1.Manager"

struct _LinnetWakeMonitor
{
  GObject parent_instance;

  GNetworkMonitor *network;
  GCancellable *cancellable;
  GDBusConnection *bus; /* the system's; NULL where there is none */
  guint subscription;
  int inhibitor; /* holding it open delays the suspend; -1: not held */
  guint check_timeout;
  guint debounce_timeout;
  guint release_timeout;
  gint64 asleep; /* boot time minus monotonic time */
  gboolean available;
};

G_DEFINE_FINAL_TYPE (LinnetWakeMonitor, linnet_wake_monitor, G_TYPE_OBJECT)

enum
{
  NETWORK_CHANGED,
  RESUMED,
  SLEEPING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gint64
get_boot_time (void)
{
  struct timespec now;

  if (clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return g_get_monotonic_time ();

  return now.tv_sec * G_TIME_SPAN_SECOND + now.tv_nsec / 1000;
}

static gboolean
check_cb (gpointer user_data)
{
  linnet_wake_monitor_check (user_data, get_boot_time (), g_get_monotonic_time ());

  return G_SOURCE_CONTINUE;
}

static void
settled_cb (gpointer user_data)
{
  LinnetWakeMonitor *self = user_data;

  self->debounce_timeout = 0;
  self->available = g_network_monitor_get_network_available (self->network);
  g_signal_emit (self, signals[NETWORK_CHANGED], 0, self->available);
}

static void
network_changed_cb (LinnetWakeMonitor *self)
{
  g_assert (LINNET_IS_WAKE_MONITOR (self));

  g_clear_handle_id (&self->debounce_timeout, g_source_remove);
  self->debounce_timeout = g_timeout_add_once (DEBOUNCE_MS, settled_cb, self);
}

static void
release_inhibitor (LinnetWakeMonitor *self)
{
  g_clear_handle_id (&self->release_timeout, g_source_remove);

  if (self->inhibitor >= 0)
    close (self->inhibitor);
  self->inhibitor = -1;
}

static void
release_cb (gpointer user_data)
{
  LinnetWakeMonitor *self = user_data;

  self->release_timeout = 0;
  release_inhibitor (self);
}

static void
inhibited_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LinnetWakeMonitor) self = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = NULL;
  gint32 handle;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object), &fds, result, NULL);
  if (reply == NULL || fds == NULL)
    return;

  g_variant_get (reply, "(h)", &handle);
  release_inhibitor (self);
  self->inhibitor = g_unix_fd_list_get (fds, handle, NULL);
}

static void
take_inhibitor (LinnetWakeMonitor *self)
{
  g_dbus_connection_call_with_unix_fd_list (
      self->bus,
      LOGIN1_NAME,
      LOGIN1_PATH,
      LOGIN1_INTERFACE,
      "Inhibit",
      g_variant_new ("(ssss)", "sleep", "Linnet", "Telling the server", "delay"),
      G_VARIANT_TYPE ("(h)"),
      G_DBUS_CALL_FLAGS_NO_AUTO_START,
      -1,
      NULL,
      self->cancellable,
      inhibited_cb,
      g_object_ref (self));
}

static void
prepare_for_sleep_cb (GDBusConnection *connection,
                      const char *sender,
                      const char *path,
                      const char *interface,
                      const char *signal,
                      GVariant *parameters,
                      gpointer user_data)
{
  LinnetWakeMonitor *self = user_data;
  gboolean sleeping;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (parameters, "(b)", &sleeping);

  if (sleeping)
    {
      g_signal_emit (self, signals[SLEEPING], 0);
      g_clear_handle_id (&self->release_timeout, g_source_remove);
      self->release_timeout = g_timeout_add_seconds_once (1, release_cb, self);
    }
  else
    {
      check_cb (self);
      take_inhibitor (self);
    }
}

static void
bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LinnetWakeMonitor) self = user_data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);

  /* No system bus, as in many containers: the clocks must do. */
  if (bus == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->bus = g_steal_pointer (&bus);
  self->subscription = g_dbus_connection_signal_subscribe (self->bus,
                                                           LOGIN1_NAME,
                                                           LOGIN1_INTERFACE,
                                                           "PrepareForSleep",
                                                           LOGIN1_PATH,
                                                           NULL,
                                                           G_DBUS_SIGNAL_FLAGS_NONE,
                                                           prepare_for_sleep_cb,
                                                           self,
                                                           NULL);
  take_inhibitor (self);
}

static void
linnet_wake_monitor_dispose (GObject *object)
{
  LinnetWakeMonitor *self = LINNET_WAKE_MONITOR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->check_timeout, g_source_remove);
  g_clear_handle_id (&self->debounce_timeout, g_source_remove);
  release_inhibitor (self);

  if (self->bus != NULL)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);

  g_clear_object (&self->bus);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (linnet_wake_monitor_parent_class)->dispose (object);
}

static void
linnet_wake_monitor_finalize (GObject *object)
{
  g_clear_object (&LINNET_WAKE_MONITOR (object)->cancellable);

  G_OBJECT_CLASS (linnet_wake_monitor_parent_class)->finalize (object);
}

static void
linnet_wake_monitor_class_init (LinnetWakeMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = linnet_wake_monitor_dispose;
  object_class->finalize = linnet_wake_monitor_finalize;

  signals[NETWORK_CHANGED] = g_signal_new (
      "network-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[RESUMED] = g_signal_new ("resumed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SLEEPING] = g_signal_new ("sleeping", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
linnet_wake_monitor_init (LinnetWakeMonitor *self)
{
  self->inhibitor = -1;
  self->cancellable = g_cancellable_new ();
  self->asleep = get_boot_time () - g_get_monotonic_time ();
  self->check_timeout = g_timeout_add_seconds (CHECK_SECONDS, check_cb, self);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, bus_cb, g_object_ref (self));
}

LinnetWakeMonitor *
linnet_wake_monitor_new (GNetworkMonitor *network)
{
  LinnetWakeMonitor *self = g_object_new (LINNET_TYPE_WAKE_MONITOR, NULL);

  self->network = g_object_ref (network != NULL ? network : g_network_monitor_get_default ());
  self->available = g_network_monitor_get_network_available (self->network);
  g_signal_connect_object (
      self->network, "network-changed", G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

gboolean
linnet_wake_monitor_get_network_available (LinnetWakeMonitor *self)
{
  g_return_val_if_fail (LINNET_IS_WAKE_MONITOR (self), TRUE);

  return self->available;
}

void
linnet_wake_monitor_check (LinnetWakeMonitor *self, gint64 boot_time, gint64 monotonic_time)
{
  gint64 asleep;

  g_return_if_fail (LINNET_IS_WAKE_MONITOR (self));

  asleep = boot_time - monotonic_time;
  if (asleep - self->asleep < JUMP)
    return;

  self->asleep = asleep;
  g_signal_emit (self, signals[RESUMED], 0);
}
