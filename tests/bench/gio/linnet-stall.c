/* A GIO module that measures how long the main loop is away from waiting, and when the window can be used
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loaded by GIO_EXTRA_MODULES, it puts itself in front of the main loop's poll(): what passes between the end
 * of one call and the begin of the next is how long the window could not react. It also notes the first frame
 * that was painted, and the first that had a chat or the page to sign in: asking the program for that from
 * outside would take longer than the difference that is looked for. The figures are in the file
 * LINNET_STALL_FILE, which the measuring program maps as well and clears whenever it begins anew.
 */
#include <fcntl.h>
#include <gio/gio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LONG_US 16000

void g_io_module_load (GIOModule *module);
void g_io_module_unload (GIOModule *module);
char **g_io_module_query (void);

/* What the file holds: eight-byte numbers in this order. */
typedef struct
{
  gint64 turns;
  gint64 busy_us;
  gint64 longest_us;     /* by the clock */
  gint64 longest_cpu_us; /* what the thread really computed in the turn above */
  gint64 n_long;         /* turns over LONG_US */
  gint64 most_cpu_us;    /* the most that one turn computed */
  gint64 most_cpu_begin; /* when that turn began, in monotonic microseconds: for a profiler */
  gint64 most_cpu_end;
  gint64 shown_us; /* the end of the first frame */
  gint64 usable_us;
} Figures;

typedef struct
{
  Figures *figures;
  gint64 begin_us;
  gint64 begin_cpu_us;
  gboolean usable; /* with the next frame */
} Watch;

static gint64
get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* GLib hands no data to a poll function. */
static Watch *
get_watch (void)
{
  static Watch watch;

  return &watch;
}

static void
count_turn (Watch *watch)
{
  Figures *figures = watch->figures;
  gint64 us = g_get_monotonic_time () - watch->begin_us;
  gint64 cpu_us = get_cpu_us () - watch->begin_cpu_us;

  figures->turns++;
  figures->busy_us += us;
  figures->n_long += us > LONG_US;
  if (cpu_us > figures->most_cpu_us)
    {
      figures->most_cpu_us = cpu_us;
      figures->most_cpu_begin = watch->begin_us;
      figures->most_cpu_end = watch->begin_us + us;
    }
  if (us > figures->longest_us)
    {
      figures->longest_us = us;
      figures->longest_cpu_us = cpu_us;
    }
}

static int
poll_and_count (GPollFD *fds,
                guint n_fds,
                int timeout)
{
  Watch *watch = get_watch ();
  int n_ready;

  if (watch->begin_us != 0)
    count_turn (watch);
  n_ready = g_poll (fds, n_fds, timeout);
  watch->begin_us = g_get_monotonic_time ();
  watch->begin_cpu_us = get_cpu_us ();

  return n_ready;
}

static gboolean
widget_mapped_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  const char *type = G_OBJECT_TYPE_NAME (g_value_get_object (&values[0]));

  if (!g_str_equal (type, "LinnetChatRow") && !g_str_equal (type, "LinnetSignInPage"))
    return TRUE;

  get_watch ()->usable = TRUE;
  return FALSE;
}

static gboolean
painted_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  Watch *watch = get_watch ();
  gint64 now = g_get_monotonic_time ();

  if (watch->figures->shown_us == 0)
    watch->figures->shown_us = now;
  if (watch->usable)
    watch->figures->usable_us = now;

  return !watch->usable;
}

/* By their names: the module is not linked with GTK, since other programs than Linnet load it, too. */
static void
watch_signal (const char *type_name, const char *signal, GSignalEmissionHook hook)
{
  GType type = g_type_from_name (type_name);

  if (type != G_TYPE_INVALID)
    g_signal_add_emission_hook (g_signal_lookup (signal, type), 0, hook, NULL, NULL);
}

static gboolean
watch_cb (gpointer user_data)
{
  const char *path = g_getenv ("LINNET_STALL_FILE");
  int fd = path != NULL ? open (path, O_RDWR) : -1;
  void *memory;

  if (fd < 0)
    return G_SOURCE_REMOVE;
  memory = mmap (NULL, sizeof (Figures), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close (fd);
  if (memory == MAP_FAILED)
    g_error ("%s cannot be mapped", path);

  get_watch ()->figures = memory;
  g_main_context_set_poll_func (NULL, poll_and_count);
  watch_signal ("GtkWidget", "map", widget_mapped_cb);
  watch_signal ("GdkFrameClock", "after-paint", painted_cb);
  return G_SOURCE_REMOVE;
}

void
g_io_module_load (GIOModule *module)
{
  g_type_module_use (G_TYPE_MODULE (module));
  g_idle_add_full (G_PRIORITY_HIGH, watch_cb, NULL, NULL);
}

void
g_io_module_unload (GIOModule *module)
{
}

char **
g_io_module_query (void)
{
  return g_new0 (char *, 1);
}
