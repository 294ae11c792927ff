/* Which addresses of others may be opened
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-web-link.h"

static const struct
{
  const char *uri;
  gboolean web;
} uris[] = {
  { .uri = "https://lark.test/register", .web = TRUE },
  { .uri = "http://lark.test", .web = TRUE },
  { .uri = "HTTPS://lark.test", .web = TRUE },
  { .uri = NULL },
  { .uri = "" },
  { .uri = "lark.test" },
  { .uri = "file:///etc/passwd" },
  { .uri = "javascript:alert(1)" },
  { .uri = "data:text/html,https://lark.test" },
  { .uri = "xmpp:ana@lark.test" },
  { .uri = "https" },
  { .uri = "https://[" },
};

static void
test_is_web (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_test_message ("%s", uris[i].uri != NULL ? uris[i].uri : "none");
      g_assert_cmpint (linnet_web_link_is_web (uris[i].uri), ==, uris[i].web);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/web-link/is-web", test_is_web);

  return g_test_run ();
}
