/* Which servers DNS names for a domain, and in which order to try them: RFC 2782, XEP-0368
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-srv"

#include "config.h"

#include <string.h>
#include <sys/random.h>

#include "xmpp-srv.h"

#define MAX_TARGETS 16
/* RFC 1035 section 2.3.4, in presentation form. */
#define MAX_HOST_LENGTH 253

static int
compare_targets_cb (gconstpointer a,
                    gconstpointer b)
{
  const XmppSrvTarget *one = *(const XmppSrvTarget *const *) a;
  const XmppSrvTarget *other = *(const XmppSrvTarget *const *) b;

  if (one->priority != other->priority)
    return one->priority < other->priority ? -1 : 1;

  /* RFC 2782 puts those without weight first, which gives them their small chance. */
  if ((one->weight == 0) != (other->weight == 0))
    return one->weight == 0 ? -1 : 1;

  /* Among equals TLS from the first byte on is the better one. */
  return other->direct_tls - one->direct_tls;
}

/* Puts one of @targets from @start to @end (without) at @start. */
static void
choose_by_weight (GPtrArray *targets,
                  guint start,
                  guint end,
                  XmppSrvRandom draw,
                  gpointer user_data)
{
  guint32 total = 0;
  guint32 sum = 0;
  guint32 chosen;
  guint i;

  for (i = start; i < end; i++)
    total += ((XmppSrvTarget *) g_ptr_array_index (targets, i))->weight;

  chosen = draw (total, user_data);
  for (i = start; i < end - 1; i++)
    {
      sum += ((XmppSrvTarget *) g_ptr_array_index (targets, i))->weight;
      if (sum >= chosen)
        break;
    }

  /* The others keep their order, those without weight theirs at the front. */
  for (; i > start; i--)
    {
      gpointer swapped = targets->pdata[i];

      targets->pdata[i] = targets->pdata[i - 1];
      targets->pdata[i - 1] = swapped;
    }
}

XmppSrvTarget *
xmpp_srv_target_new (const char *host,
                     guint16 port,
                     gboolean direct_tls)
{
  XmppSrvTarget *self;

  g_return_val_if_fail (host != NULL, NULL);

  self = g_new0 (XmppSrvTarget, 1);
  self->host = g_strdup (host);
  self->port = port;
  self->direct_tls = !!direct_tls;

  return self;
}

void
xmpp_srv_target_free (XmppSrvTarget *self)
{
  g_free (self->host);
  g_free (self);
}

guint32
xmpp_srv_random (guint32 max,
                 gpointer user_data)
{
  guint64 number = 0;

  /* Fails only before the kernel has collected its first entropy; then any order will do. */
  if (getrandom (&number, sizeof number, 0) != sizeof number)
    return 0;

  return number % ((guint64) max + 1);
}

gboolean
xmpp_srv_add_records (GPtrArray *targets,
                      GPtrArray *records,
                      gboolean direct_tls)
{
  gboolean refused = FALSE;
  gboolean added = FALSE;

  g_return_val_if_fail (targets != NULL, FALSE);
  g_return_val_if_fail (records != NULL, FALSE);

  for (guint i = 0; i < records->len; i++)
    {
      XmppSrvTarget *target;
      guint16 priority, weight, port;
      const char *host;
      gsize length;

      g_variant_get (g_ptr_array_index (records, i), "(qqq&s)", &priority, &weight, &port, &host);
      length = strlen (host);
      if (length > 0 && host[length - 1] == '.')
        length--;

      if (length == 0)
        refused = TRUE;
      if (length == 0 || length > MAX_HOST_LENGTH || port == 0)
        continue;

      target = xmpp_srv_target_new (host, port, direct_tls);
      target->host[length] = '\0';
      target->priority = priority;
      target->weight = weight;
      g_ptr_array_add (targets, target);
      added = TRUE;
    }

  return added || !refused;
}

void
xmpp_srv_sort (GPtrArray *targets,
               XmppSrvRandom draw,
               gpointer user_data)
{
  guint end;

  g_return_if_fail (targets != NULL);
  g_return_if_fail (draw != NULL);

  g_ptr_array_sort (targets, compare_targets_cb);

  for (guint start = 0; start < targets->len; start = end)
    {
      guint16 priority = ((XmppSrvTarget *) g_ptr_array_index (targets, start))->priority;

      for (end = start; end < targets->len; end++)
        if (((XmppSrvTarget *) g_ptr_array_index (targets, end))->priority != priority)
          break;

      for (guint i = start; i + 1 < end; i++)
        choose_by_weight (targets, i, end, draw, user_data);
    }

  if (targets->len > MAX_TARGETS)
    g_ptr_array_set_size (targets, MAX_TARGETS);
}
