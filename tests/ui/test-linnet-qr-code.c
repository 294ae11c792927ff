/* Tests of QR codes: what is drawn is as large as it must be, and says what it is
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <adwaita.h>

#include "linnet-qr-code.h"

static int
measure (GtkWidget *code)
{
  int minimum, natural;

  gtk_widget_measure (code, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, natural);

  return natural;
}

static void
test_size (void)
{
  g_autoptr (GtkWidget) code = g_object_ref_sink (linnet_qr_code_new ());
  g_autofree char *longest = g_strnfill (2000, 'x');
  g_autofree char *too_long = g_strnfill (5000, 'x');

  /* 25 modules and a quiet zone of four on each side, six pixels each. */
  linnet_qr_code_set_text (LINNET_QR_CODE (code), "xmpp:ana@lark.test");
  g_assert_cmpstr (linnet_qr_code_get_text (LINNET_QR_CODE (code)), ==, "xmpp:ana@lark.test");
  g_assert_cmpint (measure (code) % 6, ==, 0);
  g_assert_cmpint (measure (code), >=, 33 * 6);

  /* Never wider than the narrowest window, and never less than a pixel a module. */
  linnet_qr_code_set_text (LINNET_QR_CODE (code), longest);
  g_assert_cmpint (measure (code), <=, 320);
  g_assert_cmpint (measure (code), >=, 150);

  linnet_qr_code_set_text (LINNET_QR_CODE (code), too_long);
  g_assert_cmpint (measure (code), <, 33);
  linnet_qr_code_set_text (LINNET_QR_CODE (code), NULL);
  g_assert_null (linnet_qr_code_get_text (LINNET_QR_CODE (code)));
}

static void
count_cb (int *n)
{
  *n += 1;
}

static void
test_notify (void)
{
  g_autoptr (GtkWidget) code = g_object_ref_sink (linnet_qr_code_new ());
  g_autofree char *text = NULL;
  int n = 0;

  g_signal_connect_swapped (code, "notify::text", G_CALLBACK (count_cb), &n);
  g_object_set (code, "text", "one", NULL);
  g_object_set (code, "text", "one", NULL);
  g_object_get (code, "text", &text, NULL);
  g_assert_cmpstr (text, ==, "one");
  g_assert_cmpint (n, ==, 1);
  g_assert_cmpint (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (code)), ==, GTK_ACCESSIBLE_ROLE_IMG);
}

int
main (int argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/qr-code/size", test_size);
  g_test_add_func ("/ui/qr-code/notify", test_notify);

  return g_test_run ();
}
