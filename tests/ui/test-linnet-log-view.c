/* The log follows its end, and history stands still, whatever happens to the rows
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <adwaita.h>

#include "linnet-log-view.h"

#define WIDTH 640
#define HEIGHT 560
#define MAX_GROWTH 200
#define N_OPERATIONS 600
#define N_SEEDS 4
/* So many frames after a change the end must be shown again. */
#define SOON 3
#define LATEST 12

/* ---- rows of any height ---- */

#define FAKE_TYPE_ITEM (fake_item_get_type ())
G_DECLARE_FINAL_TYPE (FakeItem, fake_item, FAKE, ITEM, GObject)

struct _FakeItem
{
  GObject parent_instance;
  int height;
};

G_DEFINE_FINAL_TYPE (FakeItem, fake_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_HEIGHT,
};

static void
fake_item_get_property (GObject *object,
                        guint prop_id,
                        GValue *value,
                        GParamSpec *pspec)
{
  g_value_set_int (value, FAKE_ITEM (object)->height);
}

static void
fake_item_set_property (GObject *object,
                        guint prop_id,
                        const GValue *value,
                        GParamSpec *pspec)
{
  FAKE_ITEM (object)->height = g_value_get_int (value);
}

static void
fake_item_class_init (FakeItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = fake_item_get_property;
  object_class->set_property = fake_item_set_property;
  g_object_class_install_property (
      object_class, PROP_HEIGHT, g_param_spec_int ("height", NULL, NULL, 1, 10000, 40, G_PARAM_READWRITE));
}

static void
fake_item_init (FakeItem *self)
{
}

typedef struct
{
  GtkWindow *window;
  LinnetLogView *view;
  GtkAdjustment *adjustment;
  GListStore *store;
  GRand *rand;
  guint older_wanted;
  gboolean changed_in_sight;
  guint frames; /* seen by tick_cb() */
  guint sticky_checks;
  guint late;
  guint still_checks;
  guint shifted;
} Fixture;

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem *item)
{
  gtk_list_item_set_child (item, gtk_drawing_area_new ());
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  GBinding *binding = g_object_bind_property (
      gtk_list_item_get_item (item), "height", row, "content-height", G_BINDING_SYNC_CREATE);

  g_object_set_data (G_OBJECT (row), "item", gtk_list_item_get_item (item));
  g_object_set_data_full (G_OBJECT (row), "binding", g_object_ref (binding), g_object_unref);
}

static void
unbind_cb (GtkListItemFactory *factory,
           GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  g_binding_unbind (g_object_get_data (G_OBJECT (row), "binding"));
  g_object_set_data (G_OBJECT (row), "binding", NULL);
  g_object_set_data (G_OBJECT (row), "item", NULL);
}

static int
random_height (Fixture *f)
{
  switch (g_rand_int_range (f->rand, 0, 12))
    {
    case 0:
      return g_rand_int_range (f->rand, 500, 2000);
    case 1:
    case 2:
      return g_rand_int_range (f->rand, 150, 500);
    default:
      return g_rand_int_range (f->rand, 20, 120);
    }
}

static void
insert (Fixture *f,
        guint position,
        guint n)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (items, g_object_new (FAKE_TYPE_ITEM, "height", random_height (f), NULL));

  g_list_store_splice (f->store, position, 0, items->pdata, n);
}

static gboolean
tick_cb (GtkWidget *widget,
         GdkFrameClock *clock,
         gpointer user_data)
{
  Fixture *f = user_data;

  f->frames++;

  return G_SOURCE_CONTINUE;
}

static void
wait_frames (Fixture *f,
             guint n)
{
  guint until = f->frames + n;

  gtk_widget_queue_draw (GTK_WIDGET (f->window));
  while (f->frames < until)
    g_main_context_iteration (NULL, TRUE);
}

static double
below (Fixture *f)
{
  return gtk_adjustment_get_upper (f->adjustment) - gtk_adjustment_get_page_size (f->adjustment) -
         gtk_adjustment_get_value (f->adjustment);
}

static void
older_wanted_cb (Fixture *f)
{
  f->older_wanted++;
}

static void
fixture_set_up (Fixture *f,
                guint n,
                guint32 seed)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled;

  f->rand = g_rand_new_with_seed (seed);
  f->store = g_list_store_new (FAKE_TYPE_ITEM);
  insert (f, 0, n);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  f->view = LINNET_LOG_VIEW (linnet_log_view_new (G_LIST_MODEL (f->store), factory));
  g_signal_connect_swapped (f->view, "older-wanted", G_CALLBACK (older_wanted_cb), f);
  scrolled =
      gtk_widget_get_ancestor (GTK_WIDGET (linnet_log_view_get_list (f->view)), GTK_TYPE_SCROLLED_WINDOW);
  f->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  f->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (f->window, WIDTH, HEIGHT + MAX_GROWTH);
  gtk_window_set_child (f->window, GTK_WIDGET (f->view));
  gtk_widget_set_valign (GTK_WIDGET (f->view), GTK_ALIGN_START);
  gtk_widget_set_size_request (GTK_WIDGET (f->view), -1, HEIGHT);
  gtk_window_present (f->window);
  while (gtk_widget_get_width (GTK_WIDGET (f->view)) == 0)
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_add_tick_callback (GTK_WIDGET (f->window), tick_cb, f, NULL);
  wait_frames (f, 6);
}

static void
fixture_tear_down (Fixture *f)
{
  gtk_window_destroy (f->window);
  g_assert_finalize_object (f->store);
  g_rand_free (f->rand);
}

/* ---- what is looked at ---- */

/* The row in the middle of the view, and where its top is. */
static FakeItem *
middle_row (Fixture *f,
            float *y)
{
  GtkWidget *list = GTK_WIDGET (linnet_log_view_get_list (f->view));

  for (GtkWidget *child = gtk_widget_get_first_child (list); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = gtk_widget_get_first_child (child);
      FakeItem *item = row != NULL ? g_object_get_data (G_OBJECT (row), "item") : NULL;
      graphene_rect_t bounds;

      if (item == NULL || !gtk_widget_get_child_visible (child) ||
          !gtk_widget_compute_bounds (row, GTK_WIDGET (f->view), &bounds))
        continue;

      if (bounds.origin.y <= HEIGHT / 2 && bounds.origin.y + bounds.size.height > HEIGHT / 2)
        {
          *y = bounds.origin.y;
          return item;
        }
    }

  return NULL;
}

static gboolean
find_row (Fixture *f,
          FakeItem *wanted,
          float *y)
{
  GtkWidget *list = GTK_WIDGET (linnet_log_view_get_list (f->view));

  for (GtkWidget *child = gtk_widget_get_first_child (list); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = gtk_widget_get_first_child (child);
      graphene_rect_t bounds;

      if (row != NULL && g_object_get_data (G_OBJECT (row), "item") == wanted &&
          gtk_widget_compute_bounds (row, GTK_WIDGET (f->view), &bounds))
        {
          *y = bounds.origin.y;
          return TRUE;
        }
    }

  return FALSE;
}

static void
check_at_end (Fixture *f,
              const char *operation)
{
  guint frames = 0;

  while (below (f) >= 2. && frames < LATEST)
    {
      wait_frames (f, 1);
      frames++;
    }

  f->sticky_checks++;
  if (frames > SOON)
    {
      f->late++;
      g_test_message ("late by %u frames after %s", frames, operation);
    }

  g_assert_cmpfloat (below (f), <, 2.);
  g_assert_true (linnet_log_view_get_sticky (f->view));
}

/* ---- the operations ---- */

typedef enum
{
  APPEND,
  BURST,
  GROW,
  SHRINK,
  RESIZE,
  SCROLL,
  SCROLL_TO_END,
  PREPEND,
  REMOVE_LAST,
  N_KINDS,
} Operation;

static const char *const names[] = {
  [APPEND] = "append",
  [BURST] = "burst",
  [GROW] = "grow",
  [SHRINK] = "shrink",
  [RESIZE] = "resize",
  [SCROLL] = "scroll",
  [SCROLL_TO_END] = "scroll to the end",
  [PREPEND] = "prepend",
  [REMOVE_LAST] = "remove the last",
};

static gboolean
in_sight (Fixture *f,
          FakeItem *item)
{
  float y;

  return find_row (f, item, &y) && y < gtk_widget_get_height (GTK_WIDGET (f->view)) && y + item->height > 0;
}

static void
change_height (Fixture *f,
               gboolean grow)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (f->store));
  g_autoptr (FakeItem) item =
      g_list_model_get_item (G_LIST_MODEL (f->store), n - 1 - g_rand_int_range (f->rand, 0, MIN (n, 30)));
  int height = item->height;

  f->changed_in_sight = in_sight (f, item);
  g_object_set (
      item, "height", grow ? height + g_rand_int_range (f->rand, 1, 300) : MAX (20, height / 2), NULL);
}

static void
scroll (Fixture *f)
{
  double value = gtk_adjustment_get_value (f->adjustment);
  double distance = g_rand_double_range (f->rand, -3. * HEIGHT, 2. * HEIGHT);

  gtk_adjustment_set_value (f->adjustment, value + distance);
}

static void
perform (Fixture *f,
         Operation operation)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (f->store));

  switch (operation)
    {
    case APPEND:
      insert (f, n, 1);
      break;
    case BURST:
      for (guint i = 0, count = g_rand_int_range (f->rand, 2, 8); i < count; i++)
        insert (f, n + i, 1);
      break;
    case GROW:
      change_height (f, TRUE);
      break;
    case SHRINK:
      change_height (f, FALSE);
      break;
    case RESIZE:
      gtk_widget_set_size_request (
          GTK_WIDGET (f->view), -1, g_rand_int_range (f->rand, 300, HEIGHT + MAX_GROWTH));
      break;
    case SCROLL:
      scroll (f);
      break;
    case SCROLL_TO_END:
      gtk_adjustment_set_value (f->adjustment, gtk_adjustment_get_upper (f->adjustment));
      break;
    case PREPEND:
      insert (f, 0, 25);
      break;
    case REMOVE_LAST:
      if (n > 60)
        g_list_store_remove (f->store, n - 1);
      break;
    case N_KINDS:
    default:
      g_assert_not_reached ();
    }
}

static void
step (Fixture *f)
{
  Operation operation = g_rand_int_range (f->rand, 0, N_KINDS);
  gboolean sticky = linnet_log_view_get_sticky (f->view);
  float before = 0, after = 0;
  FakeItem *item = middle_row (f, &before);
  int height = item != NULL ? item->height : 0;
  double page = gtk_adjustment_get_page_size (f->adjustment);
  double left = below (f);

  f->changed_in_sight = FALSE;
  perform (f, operation);

  if (operation == SCROLL || operation == SCROLL_TO_END)
    {
      /* The person decides. */
      wait_frames (f, SOON);
      g_assert_cmpint (linnet_log_view_get_sticky (f->view), ==, below (f) < 2.);
      return;
    }

  if (sticky)
    {
      wait_frames (f, 1);
      check_at_end (f, names[operation]);
      return;
    }

  wait_frames (f, SOON);

  /* In the last page the list holds on to its lower rows, and what changes in sight moves something. */
  if (item == NULL || operation == RESIZE || f->changed_in_sight || left < page || below (f) < page ||
      !find_row (f, item, &after) || item->height != height)
    return;

  f->still_checks++;
  if (ABS (after - before) > 2.f)
    {
      f->shifted++;
      g_test_message ("shifted by %g after %s, %g above the end", after - before, names[operation], left);
    }
}

static void
test_random (gconstpointer data)
{
  Fixture f = { 0 };

  fixture_set_up (&f, 120, GPOINTER_TO_UINT (data));
  check_at_end (&f, "opening");

  for (guint i = 0; i < N_OPERATIONS; i++)
    step (&f);

  g_test_message ("%u sticky checks, %u late; %u still checks, %u shifted",
                  f.sticky_checks,
                  f.late,
                  f.still_checks,
                  f.shifted);
  g_assert_cmpuint (f.sticky_checks, >, N_OPERATIONS / 10);
  g_assert_cmpuint (f.still_checks, >, N_OPERATIONS / 20);
  g_assert_cmpuint (f.late, <=, f.sticky_checks / 100);
  g_assert_cmpuint (f.shifted, <=, f.still_checks / 100);

  fixture_tear_down (&f);
}

static void
test_open (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f, 40, 1);
  check_at_end (&f, "opening");
  fixture_tear_down (&f);
}

/* While the model does not reach the end, its bottom is no end to follow. */
static void
test_has_no_end (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f, 60, 2);
  linnet_log_view_set_has_end (f.view, FALSE);
  g_assert_false (linnet_log_view_get_sticky (f.view));

  gtk_adjustment_set_value (f.adjustment, gtk_adjustment_get_upper (f.adjustment));
  wait_frames (&f, SOON);
  insert (&f, 60, 5);
  wait_frames (&f, SOON);
  g_assert_false (linnet_log_view_get_sticky (f.view));
  g_assert_cmpfloat (below (&f), >, 2.);

  linnet_log_view_set_has_end (f.view, TRUE);
  linnet_log_view_stick (f.view);
  wait_frames (&f, 1);
  check_at_end (&f, "stick");
  fixture_tear_down (&f);
}

static void
test_show_row (void)
{
  for (guint position = 0; position < 150; position += 37)
    {
      Fixture f = { 0 };
      g_autoptr (FakeItem) item = NULL;
      float y;

      fixture_set_up (&f, 150, position);
      item = g_list_model_get_item (G_LIST_MODEL (f.store), position);
      linnet_log_view_show_row (f.view, position);
      wait_frames (&f, 8);

      g_assert_false (linnet_log_view_get_sticky (f.view));
      g_assert_true (find_row (&f, item, &y));
      g_assert_cmpfloat (y, >=, 0.f);
      g_assert_cmpfloat (y, <, HEIGHT);

      g_clear_object (&item);
      fixture_tear_down (&f);
    }
}

static void
test_older_wanted (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f, 150, 3);
  g_assert_cmpuint (f.older_wanted, ==, 0);
  gtk_adjustment_set_value (f.adjustment, 1.9 * gtk_adjustment_get_page_size (f.adjustment));
  wait_frames (&f, SOON);
  g_assert_cmpuint (f.older_wanted, >, 0);
  fixture_tear_down (&f);
}

/* What comes while another page of the stack is shown is followed once the log is seen again. */
static void
test_hidden (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f, 60, 4);
  gtk_widget_set_visible (GTK_WIDGET (f.view), FALSE);
  insert (&f, 60, 10);
  wait_frames (&f, SOON);
  gtk_widget_set_visible (GTK_WIDGET (f.view), TRUE);
  wait_frames (&f, 1);
  check_at_end (&f, "showing");
  fixture_tear_down (&f);
}

static void
test_glide (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f, 60, 5);
  gtk_adjustment_set_value (f.adjustment, gtk_adjustment_get_value (f.adjustment) - HEIGHT);
  wait_frames (&f, SOON);
  g_assert_false (linnet_log_view_get_sticky (f.view));
  linnet_log_view_glide_to_end (f.view);
  wait_frames (&f, 1);
  check_at_end (&f, "gliding");
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  /* The home folder is the display's own already, and the toolkit wants its schemas and icons. */
  g_test_init (&argc, &argv, NULL);
  /* With GDK_DEBUG=no-vsync, ten times as fast, GTK may draw a window while it is being resized, and warns.
   */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  g_test_add_func ("/ui/log-view/open", test_open);
  g_test_add_func ("/ui/log-view/has-no-end", test_has_no_end);
  g_test_add_func ("/ui/log-view/show-row", test_show_row);
  g_test_add_func ("/ui/log-view/older-wanted", test_older_wanted);
  g_test_add_func ("/ui/log-view/hidden", test_hidden);
  g_test_add_func ("/ui/log-view/glide", test_glide);
  for (guint seed = 1; seed <= N_SEEDS; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/log-view/random/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_random);
    }

  return g_test_run ();
}
